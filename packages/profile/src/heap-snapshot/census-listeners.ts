/** Functions that listen to one event of one emitter or signal. */
import type { CensusEntry } from "./census-entry.ts";
import { CensusGroups } from "./census-groups.ts";
import type { HolderNames } from "./holder-names.ts";
import type { HeapReader } from "./heap-reader.ts";
import { countMembers } from "./count-members.ts";

/** Fewer listeners on one emitter are no crowd; Node itself warns from eleven on. */
const LISTENERS_MIN = 6;

/** So many listeners of one line on one emitter were added at different times. */
const REPEATED_MIN = 3;

/** The listeners behind an object: functions, each `once` wrapper replaced by what it wraps. */
export function listListeners(
  reader: HeapReader,
  emitter: number,
): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  const events = reader.property(emitter, reader.id("_events"));
  if (events !== undefined && reader.isObject(events)) {
    for (const [event, to] of reader.properties(events)) {
      const all = reader.isClosure(to)
        ? [to]
        : reader.members(to).filter((each) => reader.isClosure(each));
      if (all.length > 0)
        found.set(
          event,
          all.map((each) => unwrap(reader, each)),
        );
    }
  }
  const targets = reader.property(emitter, reader.id("<symbol kEvents>"));
  if (targets !== undefined && reader.isObject(targets)) {
    const chains = reader.members(targets).filter((each) => reader.isObject(each));
    const all = chains.flatMap((root) => followChain(reader, root));
    if (all.length > 0) found.set("abort", all);
  }
  return found;
}

function unwrap(reader: HeapReader, closure: number): number {
  const listener = reader.property(closure, reader.id("listener"));
  return listener !== undefined && reader.isClosure(listener) ? listener : closure;
}

const CHAIN_MAX = 100_000;

/** An event target keeps its listeners in a list that starts with an empty link. */
function followChain(reader: HeapReader, root: number): readonly number[] {
  const next = reader.id("next");
  const found: number[] = [];
  let at = reader.property(root, next);
  for (let steps = 0; at !== undefined && reader.isObject(at) && steps < CHAIN_MAX; steps++) {
    const closure =
      closureAt(reader, at, "listener") ?? closureAt(reader, at, "callback") ?? undefined;
    if (closure !== undefined) found.push(closure);
    at = reader.property(at, next);
  }
  return found;
}

function closureAt(reader: HeapReader, node: number, name: string): number | undefined {
  const to = reader.property(node, reader.id(name));
  return to !== undefined && reader.isClosure(to) ? to : undefined;
}

/**
 * Crowds of listeners. Those that the same line added to one emitter several times are counted over all emitters of
 * its class: a pool hands another one out each time. What else listens to one event is counted by emitter.
 */
export function countListeners(reader: HeapReader, holders: HolderNames): readonly CensusEntry[] {
  const entries: CensusEntry[] = [];
  const repeated = new CensusGroups();
  for (const node of new Set([...reader.having("_events"), ...reader.having("<symbol kEvents>")])) {
    if (!holders.isLive(node)) continue;
    for (const [event, closures] of listListeners(reader, node)) {
      const name = `${reader.nameOf(node)}.${event}`;
      const { again, others } = splitRepeated(reader, closures);
      for (const closure of again) repeated.add(name, closure, reader.ownPlace([closure]));
      if (others.length < LISTENERS_MIN) continue;
      const place = reader.ownPlace(others.slice(-LISTENERS_MIN)) ?? holders.of(node)?.place;
      entries.push({
        kind: "listeners",
        name,
        ...countMembers(reader, others),
        ofId: reader.heapId(node),
        ...(place === undefined ? {} : { place }),
      });
    }
  }
  const crowds = repeated
    .entries(reader, "listeners")
    .filter(({ count }) => count >= LISTENERS_MIN);
  return [...entries, ...crowds];
}

/**
 * Listeners of one emitter that the same line of the program added at least {@link REPEATED_MIN} times, and the others.
 * Those that are V8's own, like the reject function of a promise, count as of one line.
 */
function splitRepeated(
  reader: HeapReader,
  closures: readonly number[],
): { readonly again: readonly number[]; readonly others: readonly number[] } {
  if (closures.length < REPEATED_MIN) return { again: [], others: closures };
  const byPlace = Map.groupBy(closures, (each) => {
    const place = reader.ownPlace([each]);
    if (place !== undefined) return `${place.file}:${place.line}:${place.function}`;
    return reader.placeOf(each).file === "??" ? "V8" : "Node";
  });
  const again = [...byPlace].flatMap(([place, some]) =>
    place !== "Node" && some.length >= REPEATED_MIN ? some : [],
  );
  const isAgain = new Set(again);
  return { again, others: closures.filter((each) => !isAgain.has(each)) };
}

/**
 * Has the client of a handler hung up?
 *
 * While a handler runs, `net/http` reads ahead on its connection in a goroutine of its own
 * (`connReader.backgroundRead`), which ends when the client closes. From Go 1.21 on, the dump says which
 * connection started it; before, their number is compared with that of the handlers.
 *
 * A handler that took its connection over (a websocket) has no such reader: whoever reads from the
 * connection in its place, itself or a goroutine that it started, stands for the client.
 */
import type { GoroutineGroup } from "@watertight/profile";
import { creatorIdsOf, type DumpView } from "./dump-view.ts";
import type { GroupView } from "./group-view.ts";

const BACKGROUND_READ = "net/http.(*connReader).backgroundRead";

/** Fewer handlers than this say nothing: a reader may just be starting. */
const HANDLERS_MIN = 3;

const LOST_SHARE_MIN = 0.8;

interface Readers {
  readonly count: number;
  /** Handlers with a reader; undefined when the dump does not name them all. */
  readonly handlers: ReadonlySet<number> | undefined;
}

const known = new WeakMap<DumpView, Readers>();

/** True when nearly all of a group's handlers have nobody on their client's connection. */
export function hasLostClient(view: GroupView, dump: DumpView): boolean {
  const { count, ids } = view.group;
  if (view.serves !== "net/http.(*conn).serve" || count < HANDLERS_MIN || !dump.isWhole)
    return false;
  if (readsItself(view)) return false;
  const { handlers, count: readers } = readersOf(dump);
  if (handlers === undefined) {
    const serving = dump.groups.filter(
      (other) => other.serves === view.serves && !readsItself(other),
    );
    const total = serving.reduce((sum, other) => sum + other.group.count, 0);
    return readers <= total * (1 - LOST_SHARE_MIN) && count > readers;
  }
  let lost = 0;
  for (const id of ids) if (!handlers.has(id)) lost++;
  return ids.length > 0 && lost / ids.length >= LOST_SHARE_MIN;
}

function readersOf(dump: DumpView): Readers {
  const found = known.get(dump) ?? findReaders(dump);
  known.set(dump, found);
  return found;
}

function findReaders(dump: DumpView): Readers {
  const handlers = new Set<number>();
  let count = 0;
  let isNamed = true;
  for (const view of dump.groups) {
    if (!readsConnection(view)) continue;
    const named = [...creatorIdsOf(view.group)];
    for (const id of named) handlers.add(id);
    count += view.group.count;
    if (view.functions.includes(BACKGROUND_READ)) isNamed &&= areAllNamed(view.group, named);
  }
  return { count, handlers: isNamed ? handlers : undefined };
}

/** Each background read has a connection of its own, so as many creators as members are all of them. */
function areAllNamed(group: GoroutineGroup, named: readonly number[]): boolean {
  return named.length >= group.count;
}

function readsConnection(view: GroupView): boolean {
  return (
    view.functions.includes(BACKGROUND_READ) || (view.serves === undefined && readsItself(view))
  );
}

function readsItself({ wait, functions }: GroupView): boolean {
  return wait === "IO wait" && functions.includes("internal/poll.runtime_pollWait");
}

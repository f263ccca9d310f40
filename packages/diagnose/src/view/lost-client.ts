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

/** Handlers of a group by whether somebody still reads from their client's connection. */
export interface LostClients {
  readonly lost: number;
  readonly attended: number;
}

/** How many handlers of a group have lost their client; undefined when most of them have not, or nothing can be said. */
export function findLostClients(view: GroupView, dump: DumpView): LostClients | undefined {
  const { count } = view.group;
  if (view.serves !== "net/http.(*conn).serve" || count < HANDLERS_MIN || !dump.isWhole) {
    return undefined;
  }
  const { handlers, count: readers } = readersOf(dump);
  const attended =
    handlers === undefined
      ? Math.min(count, Math.max(0, readers - countOthers(view, dump)))
      : countIn(view, handlers);
  const found = { lost: count - attended, attended };
  if (!readsItself(view)) return found.lost >= count * LOST_SHARE_MIN ? found : undefined;
  // Whoever reads from a connection may have taken its client's over. It has not if the
  // server still reads ahead for some of those at the same line.
  return attended > 0 && attended <= count / 2 ? found : undefined;
}

function countIn(view: GroupView, handlers: ReadonlySet<number>): number {
  let attended = 0;
  for (const id of view.group.ids) if (handlers.has(id)) attended++;
  return attended;
}

/** Handlers at other lines, each of which may own one of the readers. */
function countOthers(view: GroupView, dump: DumpView): number {
  return dump.handlers - (view.handles ? view.group.count : 0);
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
    if (view.functions.includes(BACKGROUND_READ)) count += view.group.count;
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

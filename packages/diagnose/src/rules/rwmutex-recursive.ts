/**
 * A goroutine takes a read lock twice while a writer waits in between: the second RLock queues behind
 * the writer, and the writer waits for the first.
 *
 * Looks alike: readers that wait for one slow writer. Then the writer is past its Lock.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import { countHolders, queuesOf, waitersPast } from "../view/lock-holder.ts";
import type { Rule } from "./rule.ts";
import { stackEvidence } from "../evidence.ts";

export const rwMutexRecursive: Rule = {
  cause: "rwmutex-recursive",
  fix: {
    summary:
      "Never take a read lock while holding it: let the outer method call an unlocked inner one.",
    example: `// before
func (s *Store) Total() int { s.mu.RLock(); defer s.mu.RUnlock(); return s.Get("a") } // Get: RLock again

// after
func (s *Store) Total() int { s.mu.RLock(); defer s.mu.RUnlock(); return s.get("a") }`,
  },
  match(view, dump) {
    if (view.wait !== "rwmutex read" && view.wait !== "rwmutex write") return undefined;
    if (view.siteIndex < 0) return undefined;
    if (!isStuckByObject(view, dump) && !isStuckByLine(view, dump)) return undefined;
    return {
      title: "A read lock is taken again while a writer waits",
      patience: "never-ends",
      evidence: [
        stackEvidence(
          view,
          "A reader that holds the lock waits in RLock again, and a writer waits in Lock between the two: each waits for the other.",
        ),
        { text: "No other goroutine in the dump could hold the lock." },
      ],
    };
  },
};

/** Reader and writer carry one object, and so does the reader's own caller. */
function isStuckByObject(view: GroupView, dump: DumpView): boolean {
  const queues = queuesOf(view, dump);
  const stuck = queues.filter(
    ({ waiters }) =>
      waiters.some(({ mode }) => mode === "rwmutex write") &&
      waiters.some(
        ({ mode, object, outerWords }) =>
          mode === "rwmutex read" && object !== undefined && outerWords.has(object),
      ),
  );
  if (stuck.length === 0 || stuck.length < queues.length / 2) return false;
  return countHolders(stuck, dump) < stuck.length;
}

/**
 * A lock in a package variable shows in no argument. But a reader that got past the line where other readers
 * wait holds a read lock, and with a writer waiting and nobody else at work on it, that is the circle.
 */
function isStuckByLine(view: GroupView, dump: DumpView): boolean {
  const nameless = dump.locks.waiters.filter(
    ({ mode, object }) => mode !== "mutex" && object === undefined,
  );
  if (!nameless.some((waiter) => waiter.view === view)) return false;
  if (!nameless.some(({ mode }) => mode === "rwmutex write")) return false;
  const queue = { key: "", waiters: nameless.filter(({ mode }) => mode === "rwmutex read") };
  const nested = waitersPast(queue, dump).some(({ mode }) => mode === "rwmutex read");
  return nested && countHolders([{ key: "", waiters: nameless }], dump) === 0;
}

/**
 * A goroutine takes a read lock twice while a writer waits in between: the second RLock queues behind
 * the writer, and the writer waits for the first.
 *
 * Looks alike: readers that wait for one slow writer. Then the writer is past its Lock.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import { countHolders, queuesOf } from "../view/lock-holder.ts";
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
    const queues = queuesOf(view, dump);
    const stuck = queues.filter((queue) => {
      const hasWriter = queue.waiters.some(({ mode }) => mode === "rwmutex write");
      return (
        hasWriter &&
        queue.waiters.some(
          ({ mode, view: reader, object, outerWords }) =>
            mode === "rwmutex read" &&
            (object === undefined ? isNested(reader, dump) : outerWords.has(object)),
        )
      );
    });
    if (stuck.length === 0 || stuck.length < queues.length / 2) return undefined;
    if (countHolders(stuck, dump) >= stuck.length) return undefined;
    return {
      title: "A read lock is taken again while a writer waits",
      patience: "never-ends",
      evidence: [
        stackEvidence(
          view,
          `A reader whose caller works on the same object waits in RLock, and a writer waits in Lock of that object: each waits for the other.`,
        ),
        { text: "No other goroutine in the dump could hold the lock." },
      ],
    };
  },
};

/** The reader came through another function of the service. */
function isNested(view: GroupView, dump: DumpView): boolean {
  const caller = view.group.frames[view.siteIndex + 1];
  return caller !== undefined && dump.isApp(caller);
}

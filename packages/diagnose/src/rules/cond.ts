/**
 * A goroutine waits in `sync.Cond.Wait` for a Signal or Broadcast that never comes.
 *
 * Looks alike: idle consumers of a queue that is built on a Cond; `io`-free pools in libraries.
 */
import type { Rule } from "./rule.ts";
import { atSite, stackEvidence } from "../evidence.ts";

export const cond: Rule = {
  cause: "cond",
  fix: {
    summary:
      "Broadcast on every change of the condition, and on shutdown; check it in a loop under the lock.",
    example: `// before
q.items = append(q.items, item)
q.cond.Signal() // one of several waiters; none on close

// after
q.mu.Lock()
q.closed = true
q.mu.Unlock()
q.cond.Broadcast()`,
  },
  match(view) {
    if (view.wait !== "cond" || view.siteIndex < 0) return undefined;
    const callsCond = view.functions
      .slice(0, view.siteIndex)
      .every((name) => /^(?:runtime|sync)\./.test(name));
    if (!callsCond) return undefined;
    return {
      title: "A goroutine waits on a sync.Cond that nobody signals",
      patience: "may-idle",
      evidence: [
        stackEvidence(view, `The goroutine waits for a Signal or Broadcast ${atSite(view)}.`),
      ],
    };
  },
};

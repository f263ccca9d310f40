/**
 * Many goroutines queue for one lock: its holder is blocked elsewhere, or has returned without unlocking.
 *
 * Looks alike: contention. Its queue is short-lived; a holder that computes, sleeps or is about to run will unlock.
 */
import type { Evidence } from "@watertight/finding";
import { countWorkers } from "../view/body-count.ts";
import { isLockWait, type GroupView } from "../view/group-view.ts";
import { holderCandidates, queuesOf } from "../view/lock-holder.ts";
import type { Rule } from "./rule.ts";
import { atSite, describeFrame, stackEvidence } from "../evidence.ts";

/** A queue shorter than this is contention. */
const WAITERS_MIN = 5;

export const mutexHeld: Rule = {
  cause: "mutex-held",
  fix: {
    summary:
      "Do not wait for channels, the network or other locks while holding a lock; unlock by defer.",
    example: `// before
h.mu.Lock()
h.events <- event // everybody waits while this waits
h.mu.Unlock()

// after
h.mu.Lock()
h.pending = append(h.pending, event)
h.mu.Unlock()
h.wake()`,
  },
  match(view, dump) {
    if (!isLockWait(view) || view.siteIndex < 0) return undefined;
    const queues = queuesOf(view, dump);
    const candidates = holderCandidates(queues, dump);
    const holder = candidates.find((candidate) => isBlocked(candidate));
    const waiting = stackEvidence(
      view,
      `${view.group.count} goroutines wait for a lock ${atSite(view)}.`,
    );
    if (holder !== undefined) {
      return {
        title: `Goroutines queue for a lock whose holder is stuck in ${holder.group.state}`,
        certaintyMax: "likely",
        patience: "never-idle",
        evidence: [waiting, describeHolder(holder)],
      };
    }
    if (candidates.length > 0) {
      return {
        title: "Goroutines queue for a lock",
        certaintyMax: "suspect",
        patience: "capacity",
        evidence: [waiting],
      };
    }
    const isNobodyElse = countWorkers(dump) - dump.lockWaiters <= 1;
    return {
      title: "A lock is never released",
      certaintyMax: "likely",
      ...(isNobodyElse
        ? { patience: "forgotten", countMin: WAITERS_MIN }
        : { patience: "never-idle" }),
      evidence: [
        waiting,
        {
          text: "No goroutine in the dump is past that Lock, so whoever took it has returned without unlocking, or is in code that shows no tie to it.",
        },
      ],
    };
  },
};

function describeHolder(holder: GroupView): Evidence {
  const frame = holder.site ?? holder.group.frames[0];
  const place = frame === undefined ? "" : ` at ${describeFrame(frame)}`;
  return stackEvidence(
    holder,
    `The goroutine that may hold it waits itself: ${holder.group.state}${place}.`,
  );
}

/** Waits that somebody else has to end; a sleep or a run ends by itself. */
function isBlocked(view: GroupView): boolean {
  return view.wait !== "moving" && view.wait !== "sleep" && view.wait !== "other";
}

/**
 * Many goroutines queue for one lock: its holder is blocked elsewhere, or has returned without unlocking.
 *
 * Looks alike: contention. Its queue is short-lived; a holder that computes, sleeps or is about to run will unlock.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import { holderCandidates, queuesOf } from "./lock-holder.ts";
import type { Rule, RuleMatch } from "./rule.ts";
import { atSite, describeFrame, stackEvidence } from "./evidence.ts";

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
    const isLock =
      view.wait === "mutex" || view.wait === "rwmutex write" || view.wait === "rwmutex read";
    if (!isLock || view.siteIndex < 0) return undefined;
    const queues = queuesOf(view, dump);
    const candidates = [...new Set(queues.flatMap((queue) => holderCandidates(queue, dump)))];
    const blocked = candidates.find((candidate) => isBlocked(candidate));
    const shared = { certaintyMax: "likely", countMin: WAITERS_MIN } as const;
    const waiting = stackEvidence(
      view,
      `${view.group.count} goroutines wait for a lock ${atSite(view)}.`,
    );
    if (candidates.length === 0) {
      return {
        ...shared,
        title: `a lock taken ${atSite(view)} is never released`,
        patience: "never-idle",
        evidence: [
          waiting,
          {
            text: "No goroutine in the dump is past that Lock, so whoever took it returned without unlocking.",
          },
        ],
      };
    }
    if (blocked === undefined)
      return {
        ...shared,
        title: `goroutines queue for a lock ${atSite(view)}`,
        patience: "capacity",
        evidence: [waiting],
      };
    return {
      ...shared,
      ...describeHolder(blocked, view),
      evidence: [waiting, holderEvidence(blocked)],
    };
  },
};

function describeHolder(holder: GroupView, view: GroupView): Pick<RuleMatch, "title" | "patience"> {
  return {
    title: `goroutines queue for a lock ${atSite(view)} whose holder is stuck in ${holder.group.state}`,
    patience: "never-idle",
  };
}

function holderEvidence(holder: GroupView): RuleMatch["evidence"][number] {
  const frame = holder.site ?? holder.group.frames[0];
  return stackEvidence(
    holder,
    `The goroutine that may hold it waits itself: ${holder.group.state}${frame === undefined ? "" : ` at ${describeFrame(frame)}`}.`,
  );
}

/** Waits that somebody else has to end; a sleep or a run ends by itself. */
function isBlocked(view: GroupView): boolean {
  return view.wait !== "moving" && view.wait !== "sleep" && view.wait !== "other";
}

export type { DumpView };

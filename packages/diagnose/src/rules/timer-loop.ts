/**
 * A loop around `time.Sleep` or `time.After`, or a function that `time.AfterFunc` started, which never ends.
 *
 * Looks alike: a poller that is started once; a handler that sleeps a moment.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import { waitSourceOf } from "../view/wait-source.ts";
import type { Rule } from "./rule.ts";
import { atSite, stackEvidence, waitsInOwnCode } from "../evidence.ts";

export const timerLoop: Rule = {
  cause: "timer-loop",
  fix: {
    summary: "Wait in a select with the context's Done, so that the loop ends with its request.",
    example: `// before
for { time.Sleep(time.Second); poll() }

// after
timer := time.NewTimer(time.Second)
defer timer.Stop()
for {
	select {
	case <-timer.C:
		poll()
		timer.Reset(time.Second)
	case <-ctx.Done():
		return
	}
}`,
  },
  match(view, dump) {
    const awaited = describeTimer(view, dump);
    if (awaited !== undefined) {
      return {
        title: "A loop around a timer is never left",
        patience: waitsInOwnCode(view) ? "may-idle" : "capacity",
        evidence: [
          stackEvidence(view, `The goroutine waits for a timer ${atSite(view)}. ${awaited}`),
        ],
      };
    }
    if (view.siteIndex < 0) return undefined;
    if (view.group.createdBy?.function === "time.goFunc") {
      return {
        title: "The function of a timer does not come back",
        patience: "never-idle",
        evidence: [
          stackEvidence(
            view,
            `time.AfterFunc started it, and it has not come back: it waits ${atSite(view)}.`,
          ),
        ],
      };
    }
    if (view.wait !== "sleep" || view.serves !== undefined) return undefined;
    return {
      title: "A loop around time.Sleep is never left",
      patience: "may-idle",
      evidence: [
        stackEvidence(
          view,
          `The goroutine sleeps ${atSite(view)} and was left behind by what started it.`,
        ),
      ],
    };
  },
};

/** A timer in the source of the wait; without the source, timers that its function made, as the heap has them. */
function describeTimer(view: GroupView, dump: DumpView): string | undefined {
  if (view.wait !== "select" && view.wait !== "chan receive") return undefined;
  const source = waitSourceOf(view, dump);
  if (source !== undefined) {
    if (source.awaited.some(({ kind }) => kind === "ticker")) return undefined;
    const timer = source.awaited.find(({ kind }) => kind === "timer");
    return timer && `The source receives from ${timer.expression} there.`;
  }
  const makes = (made: ReadonlySet<string>): boolean => made.has(view.site?.function ?? "");
  const isMaker = makes(dump.timers.timers) && !makes(dump.timers.tickers);
  return isMaker && view.wait === "select" && waitsInOwnCode(view)
    ? "The heap profile has timers that its function made."
    : undefined;
}

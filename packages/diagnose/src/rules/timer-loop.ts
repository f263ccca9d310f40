/**
 * A loop around `time.Sleep` or `time.After`, or a function that `time.AfterFunc` started, which never ends.
 *
 * Looks alike: a poller that is started once; a handler that sleeps a moment.
 */
import type { Rule } from "./rule.ts";
import { atSite, stackEvidence } from "../evidence.ts";

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
  match(view) {
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

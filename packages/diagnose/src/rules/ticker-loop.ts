/**
 * A loop over a ticker that is started per request and never stopped.
 *
 * The text of a dump does not name the channel. What remains are four signs: the goroutine wakes and
 * waits again (its age stays behind its id's), a series caught it at work, its frame was handed
 * a period (a round number of milliseconds), or the heap has a ticker that its function made.
 *
 * Looks alike: housekeeping tickers, started once.
 */
import { periodArgument, wakesAgain } from "../view/wake-signs.ts";
import type { Rule } from "./rule.ts";
import { atSite, stackEvidence, waitsInOwnCode } from "../evidence.ts";

export const tickerLoop: Rule = {
  cause: "ticker-loop",
  fix: {
    summary: "Stop the ticker and leave its loop when the work that it serves ends.",
    example: `// before
ticker := time.NewTicker(time.Second)
go func() { for range ticker.C { poll() } }()

// after
go func() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			poll()
		case <-ctx.Done():
			return
		}
	}
}()`,
  },
  match(view, dump, series) {
    if ((view.wait !== "chan receive" && view.wait !== "select") || !waitsInOwnCode(view))
      return undefined;
    const period = periodArgument(view);
    const wakes = series?.waits === "resetting" || wakesAgain(view, dump);
    const madeTicker = dump.tickerMakers.has(view.site?.function ?? "");
    if (period === undefined && !wakes && !madeTicker) return undefined;
    let sign = `Its frame carries the period of ${period} ms.`;
    if (wakes) sign = "Younger goroutines have waited longer: these wake up and wait again.";
    else if (period === undefined) sign = "The heap profile has tickers that this function made.";
    return {
      title: "A ticker's loop is never stopped",
      patience: "may-idle",
      evidence: [
        stackEvidence(view, `The goroutine waits for its next tick ${atSite(view)}. ${sign}`),
      ],
    };
  },
};

/**
 * A loop over a ticker that is started per request and never stopped.
 *
 * The text of a dump does not name the channel. The source does, where it is at hand. Else four signs remain:
 * the goroutine wakes and waits again (its age stays behind its id's), a series saw it do so, its frame was
 * handed a period (a round number of milliseconds), or the heap has a ticker that its function made.
 *
 * Looks alike: housekeeping tickers, started once.
 */
import { periodArgument, wakesAgain } from "../view/wake-signs.ts";
import type { MemberSeries } from "../series/series-view.ts";
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import { waitSourceOf } from "../view/wait-source.ts";
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
    if (view.wait !== "chan receive" && view.wait !== "select") return undefined;
    const sign = signOfTicker(view, dump, series);
    if (sign === undefined) return undefined;
    return {
      title: "A ticker's loop is never stopped",
      patience: waitsInOwnCode(view) ? "may-idle" : "capacity",
      evidence: [
        stackEvidence(view, `The goroutine waits for its next tick ${atSite(view)}. ${sign}`),
      ],
    };
  },
};

function signOfTicker(
  view: GroupView,
  dump: DumpView,
  series: MemberSeries | undefined,
): string | undefined {
  const source = waitSourceOf(view, dump);
  if (source !== undefined) {
    const tick = source.awaited.find(({ kind }) => kind === "ticker");
    return tick && `The source receives from ${tick.expression} there.`;
  }
  if (!waitsInOwnCode(view)) return undefined;
  if (series?.waits === "resetting" || wakesAgain(view, dump))
    return "Younger goroutines have waited longer: these wake up and wait again.";
  const period = periodArgument(view);
  if (period !== undefined) return `Its frame carries the period of ${period} ms.`;
  const makers = [view.site, view.group.createdBy];
  return makers.some((frame) => dump.timers.tickers.has(frame?.function ?? ""))
    ? "The heap profile has tickers that were made for it."
    : undefined;
}

/**
 * A goroutine receives, or ranges over, a channel that nobody sends on or closes any more.
 *
 * Looks alike: an idle worker pool. Its workers are started once, in a block, and their number stays.
 */
import type { Rule } from "./rule.ts";
import { atSite, stackEvidence, waitsInOwnCode } from "../evidence.ts";

export const channelReceive: Rule = {
  cause: "channel-receive",
  fix: {
    summary: "Close the channel when the last value is sent, so that its receivers end.",
    example: `// before
jobs := make(chan Job)
go worker(jobs) // for job := range jobs { … }
jobs <- job

// after
jobs := make(chan Job)
defer close(jobs)
go worker(jobs)
jobs <- job`,
  },
  match(view) {
    if (view.wait !== "chan receive" || !waitsInOwnCode(view)) return undefined;
    return {
      title: "A goroutine receives from a channel that nobody sends on or closes",
      patience: "may-idle",
      evidence: [stackEvidence(view, `The receive ${atSite(view)} waits for a value or a close.`)],
    };
  },
};

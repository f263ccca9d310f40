/**
 * A goroutine sends on a channel that nobody receives from any more: the receiver returned early,
 * timed out, or took one value of several.
 *
 * Looks alike: a producer that waits for a slow consumer. Its wait ends; in one capture it shows
 * as few goroutines, whose creator is still at work.
 */
import type { Rule } from "./rule.ts";
import { atSite, stackEvidence, waitsInOwnCode } from "../evidence.ts";

export const channelSend: Rule = {
  cause: "channel-send",
  fix: {
    summary:
      "Buffer the channel for every send that may come, or send in a select with the context's Done.",
    example: `// before
result := make(chan int)
go func() { result <- work() }() // stays when the caller has gone

// after
result := make(chan int, 1)
go func() { result <- work() }()`,
  },
  match(view) {
    if (view.wait !== "chan send" || !waitsInOwnCode(view)) return undefined;
    return {
      title: "A goroutine sends on a channel that nobody receives from",
      patience: "never-idle",
      evidence: [stackEvidence(view, `The send ${atSite(view)} waits for a receiver.`)],
    };
  },
};

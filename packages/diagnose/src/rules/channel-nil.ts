/**
 * A goroutine that sends to or receives from a nil channel waits for ever: the runtime
 * says so itself in the wait reason.
 *
 * Looks alike: `<-ctx.Done()` on `context.Background()` in a goroutine that `main` starts to
 * wait for a shutdown. It is one goroutine, started once, so it is let be.
 */
import type { Rule } from "./rule.ts";
import { stackEvidence } from "../evidence.ts";

export const channelNil: Rule = {
  cause: "channel-nil",
  fix: {
    summary: "Make the channel before anybody uses it, or leave the case out when it is nil.",
    example: `// before
var done chan struct{}
go func() { done <- struct{}{} }() // nil: blocks for ever

// after
done := make(chan struct{}, 1)
go func() { done <- struct{}{} }()`,
  },
  match(view) {
    const { wait } = view;
    if (wait !== "chan send (nil chan)" && wait !== "chan receive (nil chan)") return undefined;
    const verb = wait === "chan send (nil chan)" ? "sends to" : "receives from";
    return {
      title: `A goroutine ${verb} a nil channel`,
      patience: "never-ends",
      certaintyMax: "proven",
      evidence: [
        stackEvidence(
          view,
          `The runtime's wait reason is "${wait}": a nil channel is never ready, so nothing can end this wait.`,
        ),
      ],
    };
  },
};

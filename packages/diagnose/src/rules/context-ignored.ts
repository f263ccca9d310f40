/**
 * Work goes on although the request that it was for has ended: a goroutine that was handed a context and sleeps or
 * waits for IO all the same, or a handler whose client has hung up.
 *
 * A handler's client is there as long as the server reads ahead on its connection (`connReader.backgroundRead`).
 *
 * Looks alike: background work that is meant to outlive its request, started without its context.
 */
import { contextArgument } from "../view/context-words.ts";
import { findLostClients } from "../view/lost-client.ts";
import type { Rule } from "./rule.ts";
import { atSite, stackEvidence } from "../evidence.ts";

export const contextIgnored: Rule = {
  cause: "context-ignored",
  fix: {
    summary: "Pass the request's context down and stop when it is done.",
    example: `// before
for _, item := range items {
	time.Sleep(pause)
	process(item)
}

// after
for _, item := range items {
	select {
	case <-time.After(pause):
	case <-ctx.Done():
		return ctx.Err()
	}
	process(ctx, item)
}`,
  },
  match(view, dump) {
    if (
      view.siteIndex < 0 ||
      (view.wait !== "sleep" && view.wait !== "moving" && view.wait !== "IO wait")
    )
      return undefined;
    if (view.serves !== undefined) {
      if (findLostClients(view, dump) === undefined) return undefined;
      return {
        title: "A handler goes on after its client has left",
        patience: "never-idle",
        evidence: [
          stackEvidence(
            view,
            `The handler is ${atSite(view)}, and the server no longer reads from its client's connection: the client has left.`,
          ),
        ],
      };
    }
    const frame = contextArgument(view, dump);
    if (frame === undefined) return undefined;
    return {
      title: "Work goes on although its request has ended",
      patience: "may-idle",
      evidence: [
        stackEvidence(
          view,
          `${frame.function} was handed a context and does not wait for it: it is in ${view.group.state} ${atSite(view)}.`,
        ),
      ],
    };
  },
};

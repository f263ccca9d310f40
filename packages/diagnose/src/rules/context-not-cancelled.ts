/**
 * A goroutine waits on `Done()` of a context that nobody cancels.
 *
 * The signs: `context.(*cancelCtx).propagateCancel`'s own goroutine, which the standard library
 * starts for a context type that it does not know; `context.WithCancel`'s AfterFunc twin; and a receive
 * or select in the service's own code on `Done()`, by its source, or else whose frame was handed a context.
 *
 * Looks alike: `<-ctx.Done()` in a goroutine that lives as long as the service.
 */
import { contextArgument } from "../view/context-words.ts";
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import { waitSourceOf } from "../view/wait-source.ts";
import type { Rule } from "./rule.ts";
import { atSite, hasFunction, stackEvidence, waitsInOwnCode } from "../evidence.ts";

const PROPAGATE = /^context\.(?:\(\*cancelCtx\)\.)?propagateCancel\.func\d+$/;

export const contextNotCancelled: Rule = {
  cause: "context-not-cancelled",
  fix: {
    summary:
      "Call the cancel function on every path: defer cancel() right after the context is made.",
    example: `// before
ctx, _ := context.WithCancel(parent)
go watch(ctx)

// after
ctx, cancel := context.WithCancel(parent)
defer cancel()
go watch(ctx)`,
  },
  match(view, dump) {
    if (hasFunction(view, PROPAGATE)) {
      return {
        title: "Contexts derived from a custom context are never cancelled",
        patience: "never-idle",
        evidence: [
          stackEvidence(
            view,
            "The standard library keeps one goroutine for each child of a context type that it does not know, until the child is cancelled. These children never were.",
          ),
        ],
      };
    }
    if ((view.wait !== "chan receive" && view.wait !== "select") || !waitsInOwnCode(view))
      return undefined;
    const sign = signOfContext(view, dump);
    if (sign === undefined) return undefined;
    return {
      title: "A goroutine waits on a context that nobody cancels",
      patience: "may-idle",
      evidence: [stackEvidence(view, `${sign} The context was never cancelled.`)],
    };
  },
};

/** The source says whether it waits for a context; without it, a context among the arguments does. */
function signOfContext(view: GroupView, dump: DumpView): string | undefined {
  const source = waitSourceOf(view, dump);
  if (source !== undefined) {
    const done = source.awaited.find(({ kind }) => kind === "done");
    return done && `The goroutine waits for ${done.expression} ${atSite(view)}.`;
  }
  const frame = contextArgument(view, dump);
  return frame && `${frame.function} was handed a context and waits.`;
}

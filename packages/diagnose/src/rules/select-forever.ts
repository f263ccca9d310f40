/**
 * `select {}` never ends, and a select none of whose cases can become ready is as good as that.
 * The first is in the wait reason. The second is what remains of a select in the service's own
 * code when no frame carries a context: nothing visible can cancel it.
 *
 * Looks alike: `select {}` at the end of `main`, and event loops that are started once.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import { waitSourceOf } from "../view/wait-source.ts";
import type { Rule } from "./rule.ts";
import { atSite, stackEvidence, waitsInOwnCode } from "../evidence.ts";

export const selectForever: Rule = {
  cause: "select-forever",
  fix: {
    summary: "Give every select a case that ends it: the context's Done, or a timeout.",
    example: `// before
select {
case v := <-results:
	use(v)
}

// after
select {
case v := <-results:
	use(v)
case <-ctx.Done():
	return ctx.Err()
}`,
  },
  match(view, dump) {
    if (view.wait === "select (no cases)") {
      return {
        title: "A select without cases never ends",
        patience: "never-ends",
        certaintyMax: "proven",
        evidence: [
          stackEvidence(
            view,
            'The runtime\'s wait reason is "select (no cases)": it can never continue.',
          ),
        ],
      };
    }
    if (view.wait !== "select" || !waitsInOwnCode(view)) return undefined;
    return {
      title: "A goroutine stays in a select that nothing ends",
      patience: "may-idle",
      evidence: [stackEvidence(view, describeSelect(view, dump))],
    };
  },
};

function describeSelect(view: GroupView, dump: DumpView): string {
  const source = waitSourceOf(view, dump);
  if (source !== undefined)
    return `The goroutine is in the select ${atSite(view)}, which only ${source.text} can end.`;
  return `The goroutine is in the select ${atSite(view)}, and no frame of it carries a context that could end it. If one case is a ticker or a timer, its loop is what is never left.`;
}

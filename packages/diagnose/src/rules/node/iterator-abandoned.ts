/**
 * An async generator is parked at a `yield`: it was asked for some values and then neither for more nor to
 * return, so that its `finally` never runs.
 *
 * Looks alike: a generator between two values of a loop that goes on. It is soon asked again.
 */
import type { Rule } from "../rule.ts";
import { atAwait, creatorOf, taskEvidence } from "./task-words.ts";

export const iteratorAbandoned: Rule = {
  cause: "iterator-abandoned",
  fix: {
    summary:
      "Read an async iterator with for await, which calls return() however the loop is left.",
    example: `// before
const pages = listPages();
const { value: first } = await pages.next(); // its finally never runs

// after
const pages = listPages();
try {
  const { value: first } = await pages.next();
} finally {
  await pages.return(undefined);
}`,
  },
  match(view) {
    if (view.group.state !== "yield" || view.siteIndex < 0) return undefined;
    return {
      title: "An async generator is left in the middle, and its finally never runs",
      patience: "may-idle",
      creator: creatorOf(view),
      evidence: taskEvidence(view, `The generators are parked at a yield ${atAwait(view)}.`),
    };
  },
};

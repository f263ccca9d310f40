/**
 * A goroutine waits on a `sync.WaitGroup` whose counter never reaches zero: a missing Done, one Add too many,
 * or children that are stuck themselves (then theirs is the cause).
 *
 * Looks alike: `main` waiting for its workers; a closer that waits for a pool.
 */
import type { Rule } from "./rule.ts";
import { atSite, stackEvidence } from "../evidence.ts";

export const waitGroup: Rule = {
  cause: "waitgroup",
  fix: {
    summary: "Pair every Add with a deferred Done, on every path, or use WaitGroup.Go.",
    example: `// before
wg.Add(1)
go func() {
	if err := step(); err != nil {
		return // Done is never called
	}
	wg.Done()
}()

// after
wg.Add(1)
go func() {
	defer wg.Done()
	step()
}()`,
  },
  match(view) {
    if (view.wait !== "waitgroup" || view.siteIndex < 0) return undefined;
    return {
      title: "A WaitGroup's counter never reaches zero",
      patience: view.serves === undefined ? "may-idle" : "never-idle",
      evidence: [stackEvidence(view, `The goroutine waits for a WaitGroup ${atSite(view)}.`)],
    };
  },
};

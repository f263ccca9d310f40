/**
 * A goroutine waits in `errgroup.Group.Wait` for children that never return, or in `Go` for a free place
 * in a limited group (which it may hold itself).
 *
 * Looks alike: a fan-out that is under way, and a limited group under load.
 */
import type { Rule } from "./rule.ts";
import { atSite, hasFunction, stackEvidence } from "../evidence.ts";

export const errGroup: Rule = {
  cause: "errgroup",
  fix: {
    summary:
      "Make every child end when the group's context ends, and start no child from inside a limited group.",
    example: `// before
g := new(errgroup.Group)
g.Go(func() error { results <- work(); return nil })
err := g.Wait()

// after
g, ctx := errgroup.WithContext(ctx)
g.Go(func() error {
	select {
	case results <- work():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
})
err := g.Wait()`,
  },
  match(view) {
    const isStarting =
      hasFunction(view, /\/errgroup\.\(\*Group\)\.(?:Go|TryGo)$/) && view.wait === "chan send";
    const isWaiting =
      hasFunction(view, /\/errgroup\.\(\*Group\)\.Wait$/) && view.wait === "waitgroup";
    if ((!isStarting && !isWaiting) || view.siteIndex < 0) return undefined;
    const what = isStarting
      ? "A group's Go waits for a free place"
      : "A group's Wait waits for children that do not return";
    return {
      title: what,
      patience: "never-idle",
      evidence: [stackEvidence(view, `${what} ${atSite(view)}.`)],
    };
  },
};

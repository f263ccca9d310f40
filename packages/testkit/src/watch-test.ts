/** A test of a runner that can be wrapped whole. */
import { runInScope, runUnwatched } from "./current-scope.ts";
import { openScopeCheck, throwOnLeak } from "./scope-check.ts";
import { optionsOf } from "./scope-options.ts";

/**
 * Runs a test with its hooks in a scope and fails when something of it is left.
 * A test that failed by itself is not judged: what it skipped to clean up would only hide why.
 *
 * @throws {LeakError}
 */
export function watchTest(
  title: string,
  runTest: () => Promise<void>,
  hasFailed: () => boolean,
): Promise<void> {
  return runUnwatched(async () => {
    const check = openScopeCheck(title);
    try {
      await runInScope(check.scope, runTest);
    } catch (fault) {
      check.abandon();
      throw fault;
    }
    if (hasFailed()) return check.abandon();
    await throwOnLeak(title, await check.finish(optionsOf(check.scope)));
  });
}

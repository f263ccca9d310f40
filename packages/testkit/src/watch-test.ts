/** A test of a runner that can be wrapped whole. */
import { runInScope, runUnwatched } from "./current-scope.ts";
import { openScopeCheck, throwOnLeak } from "./scope-check.ts";
import { optionsOf } from "./scope-options.ts";

/** What the runner knows of a test. */
export interface WatchedTest {
  readonly title: string;
  /** Made by the runner for this very test. */
  readonly signal: AbortSignal | undefined;
  readonly run: () => Promise<void>;
  readonly hasFailed: () => boolean;
}

/**
 * Runs a test with its hooks in a scope and fails when something of it is left.
 * A test that failed by itself is not judged: what it skipped to clean up would only hide why.
 *
 * @throws {LeakError}
 */
export function watchTest({ title, signal, run, hasFailed }: WatchedTest): Promise<void> {
  return runUnwatched(async () => {
    const check = openScopeCheck(title, { owned: [signal] });
    try {
      await runInScope(check.scope, run);
    } catch (fault) {
      check.abandon();
      throw fault;
    }
    if (hasFailed()) return check.abandon();
    await throwOnLeak(title, await check.finish(optionsOf(check.scope)));
  });
}

/** One piece of code, watched from start to end. */
import type { Finding } from "@watertight/finding";
import type { CheckOption } from "./check-options.ts";
import { runInScope, runUnwatched } from "./current-scope.ts";
import { openScopeCheck } from "./scope-check.ts";

/**
 * Runs `body` and says what it left running, open or suspended. What it throws is thrown on.
 * @returns worst first; empty when it left nothing
 */
export function checkBody(
  body: () => unknown,
  ...options: readonly CheckOption[]
): Promise<readonly Finding[]> {
  return runUnwatched(async () => {
    const check = openScopeCheck("the checked body");
    try {
      await runInScope(check.scope, async () => await body());
    } catch (fault) {
      check.abandon();
      throw fault;
    }
    return await check.finish(options);
  });
}

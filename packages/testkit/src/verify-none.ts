/** `verifyNone()`: goleak's name for the same question. */
import { buildFindings } from "./build-findings.ts";
import { passCallers, type CheckOption } from "./check-options.ts";
import { currentScope, enterScope, runUnwatched } from "./current-scope.ts";
import { TestkitError } from "./errors.ts";
import { openScopeCheck, throwOnLeak } from "./scope-check.ts";
import { addScopeOptions, optionsOf } from "./scope-options.ts";
import { settle } from "./settle.ts";
import { captureTrace } from "./trace.ts";

/** A test's context, as far as it is needed: of node:test, of Vitest, or anything with `after`. */
export interface TestContext {
  readonly name?: string;
  readonly task?: { readonly name: string };
  readonly signal?: AbortSignal;
  readonly after?: (check: () => Promise<void>) => unknown;
  readonly onTestFinished?: (check: () => Promise<void>) => unknown;
}

/**
 * With a test's context: watches the rest of the test and checks when it ends.
 * Without: checks what the current scope has left so far, after late finishers had their time.
 *
 * @throws {LeakError} when something is left
 * @throws {TestkitError} `WT_TESTKIT_NO_SCOPE` without a context where nothing is watched
 */
export function verifyNone(
  context?: TestContext | CheckOption,
  ...options: readonly CheckOption[]
): Promise<void> {
  const scope = currentScope();
  if (!isContext(context)) {
    const all = context === undefined ? options : [context, ...options];
    if (scope === undefined) throw new TestkitError("WT_TESTKIT_NO_SCOPE", "verifyNone()");
    const callers = passCallers(verifyNone);
    return runUnwatched(async () => {
      const leaks = await settle(scope, [...optionsOf(scope), ...all, callers]);
      scope.resume();
      await throwOnLeak(scope.title, buildFindings(leaks));
    });
  }
  if (scope !== undefined) addScopeOptions(scope, options);
  else watchUntilEnd(context, options);
  return Promise.resolve();
}

function watchUntilEnd(context: TestContext, options: readonly CheckOption[]): void {
  const title = context.task?.name ?? context.name ?? "this test";
  const check = openScopeCheck(title, { owned: [context.signal] });
  check.scope.opener = captureTrace(verifyNone);
  enterScope(check.scope);
  const finish = (): Promise<void> =>
    runUnwatched(async () => throwOnLeak(title, await check.finish(options)));
  if (context.onTestFinished !== undefined) context.onTestFinished(finish);
  else context.after?.(finish);
}

function isContext(value: TestContext | CheckOption | undefined): value is TestContext {
  // Vitest's is a function.
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  const { after, onTestFinished } = value as TestContext;
  return typeof after === "function" || typeof onTestFinished === "function";
}

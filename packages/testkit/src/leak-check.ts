/** `leakCheck()`: from here to the end of the block, nothing may be left. */
import { buildFindings } from "./build-findings.ts";
import { passCallers, withoutIgnored, type CheckOption } from "./check-options.ts";
import { currentScope, enterScope } from "./current-scope.ts";
import { LeakError, reportTest } from "./leak-error.ts";
import { findLeaks } from "./find-leaks.ts";
import { addScopeOptions } from "./scope-options.ts";
import { openScopeCheck, throwOnLeak } from "./scope-check.ts";
import { captureTrace } from "./trace.ts";

/** What {@link leakCheck} gives: made for `await using`, or for `using` where nothing may be late. */
export interface LeakCheck extends Disposable, AsyncDisposable {}

const TITLE = "this block";

/**
 * Watches the rest of the block.
 *
 * `await using _ = leakCheck()` waits for late finishers; `using _ = leakCheck()` judges at once,
 * unless a set-up module watches the test already: then that one judges, with these options too.
 *
 * @throws {LeakError} when the block ends and something of it is left
 */
export function leakCheck(...options: readonly CheckOption[]): LeakCheck {
  const outer = currentScope();
  if (outer !== undefined) {
    addScopeOptions(outer, options);
    return { [Symbol.dispose]: () => undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const check = openScopeCheck(TITLE);
  check.scope.opener = captureTrace(leakCheck);
  enterScope(check.scope);
  return {
    [Symbol.dispose]: function dispose() {
      enterScope(undefined);
      const all = [...options, passCallers(dispose)];
      const findings = buildFindings(withoutIgnored(findLeaks(check.scope), all));
      check.abandon();
      if (findings.length > 0) throw new LeakError(reportTest(TITLE, findings));
    },
    [Symbol.asyncDispose]: function disposeAsync() {
      enterScope(undefined);
      return check
        .finish([...options, passCallers(disposeAsync)])
        .then((findings) => throwOnLeak(TITLE, findings));
    },
  };
}

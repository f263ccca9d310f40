/** A scope from its opening to its verdict: what every entry point is built from. */
import type { Finding } from "@watertight/finding";
import type { CheckOption } from "./check-options.ts";
import { closeScope, holdWatches } from "./instrumentation.ts";
import { Scope } from "./scope.ts";
import { settle } from "./settle.ts";
import { noteBirth } from "./watches/births.ts";

/** An open scope and what ends it. */
export interface ScopeCheck {
  readonly scope: Scope;
  /** Waits for late finishers, then says what is left. The scope is closed. */
  finish(options: readonly CheckOption[]): Promise<readonly Finding[]>;
  /** Closes the scope without looking. */
  abandon(): void;
}

/** How a scope begins. */
export interface ScopeCheckOptions {
  /** What the runner made for this very test, such as its signal. */
  readonly owned?: readonly (object | undefined)[];
  /** The clock that the budget for stacks goes by, in milliseconds. */
  readonly now?: () => number;
}

/** Opens a scope; the caller runs its code in it. */
export function openScopeCheck(
  title: string,
  { owned = [], now }: ScopeCheckOptions = {},
): ScopeCheck {
  const release = holdWatches();
  const scope = new Scope(title, now);
  for (const one of owned) if (one !== undefined) noteBirth(one, scope);
  const close = (): void => {
    closeScope(scope);
    release();
  };
  return {
    scope,
    abandon: close,
    async finish(options) {
      try {
        const leaks = await settle(scope, options);
        if (leaks.length === 0) return [];
        // The report is needed by leaking tests only; clean ones do not wait for its modules.
        const { buildFindings } = await import("./build-findings.ts");
        return buildFindings(leaks);
      } finally {
        close();
      }
    },
  };
}

/** @throws {LeakError} when there is a finding */
export async function throwOnLeak(title: string, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  const { LeakError, reportTest } = await import("./leak-error.ts");
  throw new LeakError(reportTest(title, findings));
}

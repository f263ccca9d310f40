/** Options that a test adds to the check of its own scope, and those of the whole run. */
import type { CheckOption } from "./check-options.ts";
import type { Scope } from "./scope.ts";

const added = new WeakMap<Scope, CheckOption[]>();
const everywhere: CheckOption[] = [];

/** Lets a whole run pass what the options say; call it in a set-up file. */
export function configure(...options: readonly CheckOption[]): void {
  everywhere.push(...options);
}

/** Adds to what one scope lets pass. */
export function addScopeOptions(scope: Scope, options: readonly CheckOption[]): void {
  const known = added.get(scope);
  if (known === undefined) added.set(scope, [...options]);
  else known.push(...options);
}

/** What a scope lets pass, the run's options first. */
export function optionsOf(scope: Scope): readonly CheckOption[] {
  return [...everywhere, ...(added.get(scope) ?? [])];
}

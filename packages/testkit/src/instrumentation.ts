/** The process-wide part: one set of watches, switched on while any scope is open. */
import type { Scope } from "./scope.ts";
import { awaitWatch, dropAwaits } from "./watches/awaits.ts";
import { birthWatch } from "./watches/births.ts";
import { bodyWatch, dropBodies, fetchWatch } from "./watches/bodies.ts";
import { descriptorWatch } from "./watches/descriptors.ts";
import { generatorWatch } from "./watches/generators.ts";
import { dropHandles, handleWatch } from "./watches/handles.ts";
import { listenerWatch } from "./watches/listeners.ts";
import { originWatch } from "./watches/origins.ts";
import type { Watch } from "./watches/watch.ts";

/** Switches watches on for as long as anybody holds them. */
class Installation {
  readonly #watches: readonly Watch[];
  #users = 0;
  #uninstall: readonly (() => void)[] = [];

  constructor(watches: readonly Watch[]) {
    this.#watches = watches;
  }

  /** @returns lets go; the last one to do so switches the watches off */
  hold(): () => void {
    this.#users += 1;
    if (this.#users === 1) this.#uninstall = this.#watches.map((watch) => watch.install());
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#users -= 1;
      if (this.#users > 0) return;
      for (const revert of this.#uninstall.toReversed()) revert();
      this.#uninstall = [];
    };
  }
}

/** Functions put in place of others: they cost little while no scope is open. */
const replacements = new Installation([
  birthWatch,
  listenerWatch,
  generatorWatch,
  descriptorWatch,
  fetchWatch,
  originWatch,
]);

/** Hooks of the runtime, which cost something whatever runs. */
const hooks = new Installation([bodyWatch, handleWatch, awaitWatch]);

/** Switches everything on. @returns lets go of it; the last one to do so leaves all as it was */
export function holdWatches(): () => void {
  const release = [replacements.hold(), hooks.hold()];
  return () => {
    for (const each of release) each();
  };
}

/**
 * Puts the replacements in place before the code under test is loaded, which may keep what it
 * finds: `const { open } = require("node:fs/promises")`.
 */
export function holdReplacements(): () => void {
  return replacements.hold();
}

/** Ends a scope for good: nothing of it is kept or recorded any more. */
export function closeScope(scope: Scope): void {
  scope.isClosed = true;
  dropAwaits(scope);
  dropHandles(scope);
  dropBodies(scope);
  scope.bodies.clear();
  scope.descriptors.clear();
  scope.generators.clear();
  scope.listeners.clear();
  scope.pools.clear();
}

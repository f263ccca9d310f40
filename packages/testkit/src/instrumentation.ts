/** The process-wide part: one set of watches, switched on while any scope is open. */
import type { Scope } from "./scope.ts";
import { awaitWatch, dropAwaits } from "./watches/awaits.ts";
import { birthWatch } from "./watches/births.ts";
import { bodyWatch, dropBodies } from "./watches/bodies.ts";
import { descriptorWatch } from "./watches/descriptors.ts";
import { generatorWatch } from "./watches/generators.ts";
import { dropHandles, handleWatch } from "./watches/handles.ts";
import { listenerWatch } from "./watches/listeners.ts";
import { originWatch } from "./watches/origins.ts";
import type { Watch } from "./watches/watch.ts";

const WATCHES: readonly Watch[] = [
  birthWatch,
  listenerWatch,
  generatorWatch,
  descriptorWatch,
  bodyWatch,
  originWatch,
  handleWatch,
  awaitWatch,
];

let users = 0;
let uninstall: (() => void)[] = [];

/** Switches the watches on. @returns lets go of them; the last one to do so switches them off */
export function holdWatches(): () => void {
  users += 1;
  if (users === 1) uninstall = WATCHES.map((watch) => watch.install());
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    users -= 1;
    if (users > 0) return;
    for (const revert of uninstall.toReversed()) revert();
    uninstall = [];
  };
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
}

/** Which scope the running code belongs to. It follows calls, awaits, timers and callbacks. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Scope } from "./scope.ts";
import type { Trace } from "./trace.ts";

const storage = new AsyncLocalStorage<Scope | undefined>();

const origins = new AsyncLocalStorage<Trace | undefined>();

/** Runs `body`, whose consequences in later turns are known to have begun at `trace`. */
export function runFrom<T>(trace: Trace | undefined, body: () => T): T {
  return origins.run(trace, body);
}

/** Where what runs now began, when it was one of the calls that open things in a later turn. */
export function currentOrigin(): Trace | undefined {
  return origins.getStore();
}

/** The open scope that the caller runs in. */
export function currentScope(): Scope | undefined {
  const scope = storage.getStore();
  return scope === undefined || scope.isClosed ? undefined : scope;
}

/** Runs `body` as part of `scope`. */
export function runInScope<T>(scope: Scope, body: () => T): T {
  return storage.run(scope, body);
}

/** Runs `body` as part of no scope. */
export function runUnwatched<T>(body: () => T): T {
  return storage.run(undefined, body);
}

/** Makes what the caller does from here on part of `scope`, or of none. */
export function enterScope(scope: Scope | undefined): void {
  storage.enterWith(scope);
}

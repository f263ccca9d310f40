/**
 * The globals that the code under test sees: the process's own, and under Jest those of its
 * sandbox, which holds classes and prototypes of its own.
 */

/** A global object, as far as it is needed here. */
export interface Realm {
  readonly Object: ObjectConstructor;
  readonly Error: ErrorConstructor;
  readonly Function: FunctionConstructor;
}

let sandbox: Realm | undefined;

/** Watches these globals as well from now on, and takes stacks with them, whose source maps they know. */
export function useRealm(globals: Realm): void {
  sandbox = globals;
}

/** The realm that stacks are taken with. */
export function codeRealm(): Realm {
  return sandbox ?? globalThis;
}

/** Every realm that code under test runs in. */
export function watchedRealms(): readonly Realm[] {
  return sandbox === undefined ? [globalThis] : [globalThis, sandbox];
}

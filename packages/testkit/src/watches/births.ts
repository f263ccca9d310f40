/** Which emitters and event targets were made inside of a scope: their listeners die with them. */
import { EventEmitter } from "node:events";
import { currentScope } from "../current-scope.ts";
import { watchedRealms, type Realm } from "../realm.ts";
import type { Scope } from "../scope.ts";
import { notePool } from "./pools.ts";
import type { Watch } from "./watch.ts";

const births = new WeakMap<object, Scope>();

/** Whether an emitter or target is older than a scope, or of another test. */
export function isOlder(target: object, scope: Scope): boolean {
  return births.get(target) !== scope;
}

/** Notes that an emitter or target is made, or is known to be a scope's. */
export function noteBirth(
  target: object,
  scope: Scope | undefined = currentScope(),
): Scope | undefined {
  if (scope !== undefined) births.set(target, scope);
  return scope;
}

interface EmitterConstructor {
  init: (this: object, options?: object) => void;
}

function watchEmitters(): () => void {
  const emitters = EventEmitter as unknown as EmitterConstructor;
  const { init } = emitters;
  const watched = function initEmitter(this: object, options?: object): void {
    const scope = noteBirth(this);
    if (scope !== undefined) notePool(this, scope, watched);
    init.call(this, options);
  };
  emitters.init = watched;
  return () => {
    if (emitters.init === watched) emitters.init = init;
  };
}

type Constructor = abstract new (...args: never[]) => object;

/** Notes what a global class makes. The class itself stays what it was for `instanceof` and `extends`. */
function watchClass(realm: Realm, name: "AbortController" | "EventTarget"): () => void {
  const globals = realm as unknown as Record<string, Constructor | undefined>;
  const original = globals[name];
  if (original === undefined) return () => undefined;
  const watched = new Proxy(original, {
    construct(target, args, newTarget): object {
      const made = Reflect.construct(target, args, newTarget) as object;
      const scope = noteBirth(made);
      if (made instanceof AbortController && scope !== undefined) noteSignal(made.signal, scope);
      return made;
    },
  });
  const define = (value: Constructor): void => {
    Object.defineProperty(globals, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  };
  define(watched);
  return () => {
    if (globals[name] === watched) define(original);
  };
}

const SIGNALS_MAX = 1_000;

function noteSignal(signal: AbortSignal, scope: Scope): void {
  births.set(signal, scope);
  if (scope.signals.length < SIGNALS_MAX) scope.signals.push(new WeakRef(signal));
}

/** How many signals of a scope are aborted. A listener would show on them, so they are asked. */
export function countAborted(scope: Scope): number {
  const aborted = scope.signals.filter((signal) => signal.deref()?.aborted === true).length;
  scope.abortedMax = Math.max(scope.abortedMax, aborted);
  return scope.abortedMax;
}

interface SignalFactories {
  timeout: (this: unknown, delayMs: number) => AbortSignal;
  any: (this: unknown, signals: AbortSignal[]) => AbortSignal;
}

/** Signals that come from `AbortSignal.timeout` and `AbortSignal.any` are of the scope that asked. */
function watchSignalFactories(): () => void {
  const factories = AbortSignal as SignalFactories;
  const { timeout, any } = factories;
  const note = (signal: AbortSignal): AbortSignal => {
    const scope = currentScope();
    if (scope !== undefined) noteSignal(signal, scope);
    return signal;
  };
  const watchedTimeout = (delayMs: number): AbortSignal => note(timeout.call(AbortSignal, delayMs));
  const watchedAny = (signals: AbortSignal[]): AbortSignal => note(any.call(AbortSignal, signals));
  Object.assign(factories, { timeout: watchedTimeout, any: watchedAny });
  return () => {
    if (factories.timeout === watchedTimeout) factories.timeout = timeout;
    if (factories.any === watchedAny) factories.any = any;
  };
}

export const birthWatch: Watch = {
  install() {
    const undo = [
      watchEmitters(),
      ...watchedRealms().flatMap((realm) => [
        watchClass(realm, "EventTarget"),
        watchClass(realm, "AbortController"),
      ]),
      watchSignalFactories(),
    ];
    return () => {
      for (const revert of undo) revert();
    };
  },
};

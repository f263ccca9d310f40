/**
 * Every suspended `await` of a scope. V8 calls `init(throwaway, awaited)` synchronously in the
 * function that awaits, so the top frame of a stack taken there is the await itself, and calls
 * `before(throwaway)` when the function goes on. Source: node:v8 promiseHooks.
 */
import { promiseHooks } from "node:v8";
import { currentScope } from "../current-scope.ts";
import { nextMoment, type Scope } from "../scope.ts";
import type { Trace } from "../trace.ts";
import { continueSlice, noteInSlice, type SliceAwait } from "./slices.ts";
import type { Watch } from "./watch.ts";

/** One suspended await (or a `then` that has not been called). */
export interface AwaitRecord extends SliceAwait {
  readonly scope: Scope;
  /** The promise that is awaited; dead when nothing can settle it any more. */
  readonly awaited: WeakRef<Promise<unknown>> | undefined;
  /** Where the function that was resumed last suspended first: it knows who called it. */
  readonly origin: Trace | undefined;
  readonly moment: number;
}

/** Stacks of suspended awaits that are kept at a time. */
const STACKS_MAX = 50_000;

const suspended = new Map<Promise<unknown>, AwaitRecord>();

let resumed: AwaitRecord | undefined;

/** Where what was resumed last, and may be running, suspended first. */
export function originOfResumed(scope: Scope): Trace | undefined {
  return resumed?.scope === scope ? (resumed.origin ?? resumed.trace) : undefined;
}

function noteAwait(throwaway: Promise<unknown>, awaited: Promise<unknown> | undefined): void {
  if (awaited === undefined) return;
  const scope = currentScope();
  if (scope === undefined) return;
  const { budget } = scope;
  // A value that is no promise is awaited through one made for it, which is told of first.
  suspended.delete(awaited);
  const record: AwaitRecord = {
    scope,
    generator: undefined,
    awaited: budget.isAmple ? new WeakRef(awaited) : undefined,
    trace: suspended.size < STACKS_MAX ? budget.takeAwait(noteAwait) : undefined,
    origin: originOfResumed(scope),
    moment: nextMoment(),
  };
  suspended.set(throwaway, record);
  noteInSlice(record);
}

function forgetAwait(throwaway: Promise<unknown>): void {
  const record = suspended.get(throwaway);
  resumed = record;
  continueSlice(record);
  if (record !== undefined) suspended.delete(throwaway);
}

/** The suspended awaits of a scope, oldest first. */
export function suspendedAwaits(scope: Scope): readonly AwaitRecord[] {
  return [...suspended.values()].filter((record) => record.scope === scope);
}

/** Lets go of what a closed scope left. */
export function dropAwaits(scope: Scope): void {
  for (const [throwaway, record] of suspended) {
    if (record.scope === scope) suspended.delete(throwaway);
  }
}

export const awaitWatch: Watch = {
  install() {
    const stop = promiseHooks.createHook({ init: noteAwait, before: forgetAwait }) as () => void;
    return () => {
      stop();
      resumed = undefined;
      suspended.clear();
    };
  },
};

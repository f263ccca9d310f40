/**
 * Stacks that cost little: V8 notes the call sites at once and turns them into text only when
 * somebody reads them, and nobody reads those of work that ended.
 */
import type { Frame } from "@watertight/finding";
import { parseStack } from "./stack-frame.ts";

/** The globals that a stack is taken with. Under Jest those of its sandbox, whose source maps it knows. */
export interface Realm {
  readonly Object: ObjectConstructor;
  readonly Error: ErrorConstructor;
}

interface Holder {
  stack?: string;
}

/** A stack, not yet text. */
export class Trace {
  #holder: Holder | undefined;
  #frames: readonly Frame[] | undefined;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  /** Leaf first; formatted the first time. */
  get frames(): readonly Frame[] {
    this.#frames ??= withoutHooks(parseStack(this.#holder?.stack ?? ""));
    this.#holder = undefined;
    return this.#frames;
  }
}

const HOOKS = /^node:internal\/(?:promise_hooks|async_hooks)$/;

/** The runtime's own calls of a hook come first, where several hooks are installed. */
function withoutHooks(frames: readonly Frame[]): readonly Frame[] {
  const start = frames.findIndex(({ file }) => !HOOKS.test(file));
  return start === -1 ? [] : frames.slice(start);
}

/** An await is the program's own line; what opens things is many calls of the runtime below it. */
const AWAIT_FRAMES_MAX = 14;
const FRAMES_MAX = 40;
/** Beyond the budget: the frame itself below the runtime's calls of a hook. */
const FRAMES_LEAN = 3;
const STACKS_MAX = 20_000;
const CAPTURING_MS_MAX = 20;
/** As long again for stacks of a few frames; then nothing is kept but the number. */
const LEAN_MS_MAX = 20;
/** Every so many stacks one is timed. */
const TIMED_EVERY = 32;

let realm: Realm = { Object, Error };

/** Takes stacks with these globals from now on. */
export function useRealm(globals: Realm): void {
  realm = globals;
}

const now = performance.now.bind(performance);

/**
 * How much a scope may spend on stacks: whole ones until {@link STACKS_MAX} of them or
 * {@link CAPTURING_MS_MAX} were spent, then as much again for their first frames, then none.
 */
export class TraceBudget {
  #taken = 0;
  #spentMs = 0;

  /** Whether whole stacks are still affordable. */
  get isAmple(): boolean {
    return this.#taken < STACKS_MAX && this.#spentMs < CAPTURING_MS_MAX;
  }

  get #isSpent(): boolean {
    return this.#spentMs >= CAPTURING_MS_MAX + LEAN_MS_MAX || this.#taken >= 2 * STACKS_MAX;
  }

  /** The stack of an await, which is short. */
  takeAwait(above: (...args: never[]) => unknown): Trace | undefined {
    return this.take(above, AWAIT_FRAMES_MAX);
  }

  /** The stack of whoever called `above`, or undefined when the budget is spent. */
  take(above: (...args: never[]) => unknown, ampleFrames: number = FRAMES_MAX): Trace | undefined {
    const framesMax = this.isAmple ? ampleFrames : FRAMES_LEAN;
    if (this.#isSpent) return undefined;
    this.#taken += 1;
    if (this.#taken % TIMED_EVERY !== 0) return captureTrace(above, framesMax);
    const startMs = now();
    const trace = captureTrace(above, framesMax);
    this.#spentMs += (now() - startMs) * TIMED_EVERY;
    return trace;
  }
}

/** The stack of whoever called `above`, whatever was spent. */
export function captureTrace(
  above: (...args: never[]) => unknown,
  framesMax: number = FRAMES_MAX,
): Trace {
  const engine = realm.Error;
  const limit = engine.stackTraceLimit;
  const holder = new realm.Object() as Holder;
  engine.stackTraceLimit = framesMax;
  engine.captureStackTrace(holder, above);
  engine.stackTraceLimit = limit;
  return new Trace(holder);
}

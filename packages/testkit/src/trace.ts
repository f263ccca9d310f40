/**
 * Stacks that cost little: V8 notes the call sites at once and turns them into text only when
 * somebody reads them, and nobody reads those of work that ended.
 */
import { codeRealm } from "./realm.ts";
import { parseStack, type Place } from "./stack-frame.ts";

interface Holder {
  stack?: string;
}

/** A stack, not yet text. */
export class Trace {
  #holder: Holder | undefined;
  #frames: readonly Place[] | undefined;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  /** Leaf first; formatted the first time. */
  get frames(): readonly Place[] {
    this.#frames ??= withoutHooks(parseStack(this.#holder?.stack ?? ""));
    this.#holder = undefined;
    return this.#frames;
  }
}

const HOOKS = /^node:internal\/(?:promise_hooks|async_hooks)$/;

/** The runtime's own calls of a hook come first, where several hooks are installed. */
function withoutHooks(frames: readonly Place[]): readonly Place[] {
  const start = frames.findIndex(({ file }) => !HOOKS.test(file));
  return start === -1 ? [] : frames.slice(start);
}

/** An await is the program's own line; what opens things is many calls of the runtime below it. */
const AWAIT_FRAMES_MAX = 14;
const FRAMES_MAX = 40;
/** Beyond the budget: the frame itself below the runtime's calls of a hook. */
const FRAMES_LEAN = 6;
/** What whole stacks may cost: so much at once, and this share of the time that has passed. */
const AMPLE = { startMs: 10, share: 0.12 } as const;
/** Beyond that stacks of a few frames, up to this; then none until time has passed. */
const LEAN = { startMs: 20, share: 0.2 } as const;
/** Every so many stacks one is timed. */
const TIMED_EVERY = 32;
/** A longer one was interrupted. */
const TIMED_MS_MAX = 0.1;

// Taken before any test can put a fake clock in its place.
const nowReal = performance.now.bind(performance);

/** How a budget begins. */
export interface TraceBudgetOptions {
  /** What is taken however much was spent; `none` by default. */
  readonly least?: "lean" | "none";
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** How much a scope may spend on stacks: a share of its own time, so that no test gets much slower. */
export class TraceBudget {
  readonly #now: () => number;
  readonly #startMs: number;
  #asked = 0;
  #spentMs = 0;
  readonly #least: "lean" | "none";
  #framesMax: "ample" | "lean" | "none" = "ample";

  constructor({ least = "none", now = nowReal }: TraceBudgetOptions = {}) {
    this.#least = least;
    this.#now = now;
    this.#startMs = now();
  }

  /** Whether whole stacks are affordable. */
  get isAmple(): boolean {
    return this.#framesMax === "ample";
  }

  /** The stack of an await, which is short. */
  takeAwait(above: (...args: never[]) => unknown): Trace | undefined {
    return this.take(above, AWAIT_FRAMES_MAX);
  }

  /** The stack of whoever called `above`, or undefined when the budget is spent. */
  take(above: (...args: never[]) => unknown, ampleFrames: number = FRAMES_MAX): Trace | undefined {
    this.#asked += 1;
    const isTimed = this.#asked % TIMED_EVERY === 0;
    // Once time has passed, the very next one is seen again.
    if (isTimed || this.#framesMax === "none") this.#review();
    if (this.#framesMax === "none") return undefined;
    const framesMax = this.isAmple ? ampleFrames : FRAMES_LEAN;
    if (!isTimed) return captureTrace(above, framesMax);
    const startMs = this.#now();
    const trace = captureTrace(above, framesMax);
    this.#spentMs += Math.min(TIMED_MS_MAX, this.#now() - startMs) * TIMED_EVERY;
    return trace;
  }

  #review(): void {
    const passedMs = this.#now() - this.#startMs;
    const allows = ({ startMs, share }: typeof AMPLE | typeof LEAN): boolean =>
      this.#spentMs < startMs + share * passedMs;
    if (allows(AMPLE)) this.#framesMax = "ample";
    else this.#framesMax = allows(LEAN) ? "lean" : this.#least;
  }
}

/** The stack of whoever called `above`, whatever was spent. */
export function captureTrace(
  above: (...args: never[]) => unknown,
  framesMax: number = FRAMES_MAX,
): Trace {
  const realm = codeRealm();
  const engine = realm.Error;
  const limit = engine.stackTraceLimit;
  const holder = new realm.Object() as Holder;
  engine.stackTraceLimit = framesMax;
  engine.captureStackTrace(holder, above);
  engine.stackTraceLimit = limit;
  return new Trace(holder);
}

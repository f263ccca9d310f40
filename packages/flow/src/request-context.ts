/**
 * The request context: one deadline, one cancellation and one set of values for everything
 * that is done on behalf of a request. After Go's `context.Context`, with the clean-up that
 * Go leaves to `defer cancel()` tied to `using`.
 *
 * Parents know their children and their watchers in sets, never as listeners of a signal:
 * ten million requests under one long-lived parent leave nothing behind on it.
 */
import { type Clock, systemClock } from "./clock.ts";
import { FlowError } from "./errors.ts";

/** Names a value that a context carries; made by {@link createContextKey}. */
export interface ContextKey<T> {
  readonly description: string;
  /** Only for the type: no key has it. */
  readonly carries?: T;
}

/** A key for {@link RequestContext.value}: two keys of one description stay different. */
export function createContextKey<T>(description: string): ContextKey<T> {
  return { description };
}

export interface RequestContextOptions {
  /** Milliseconds until the context is cancelled; none by default. A parent's deadline still holds. */
  readonly timeoutMs?: number;
  /** A foreign signal that cancels the context too, e.g. the client's disconnect. */
  readonly signal?: AbortSignal;
  /** What errors call it, e.g. `GET /orders`. */
  readonly name?: string;
  readonly clock?: Clock;
}

type Watcher = (cause: unknown) => void;

/** A request's lifetime. Create one with {@link RequestContext.start}, children with `child`. */
export class RequestContext implements Disposable {
  readonly parent: RequestContext | undefined;
  readonly name: string;
  /** On the context's clock, milliseconds; `Infinity` when there is none. */
  readonly deadlineMs: number;
  readonly #clock: Clock;
  readonly #values: ReadonlyMap<ContextKey<unknown>, unknown>;
  readonly #children = new Set<RequestContext>();
  readonly #watchers = new Set<Watcher>();
  #controller: AbortController | undefined;
  #isDone = false;
  #cause: unknown;
  #release: readonly (() => void)[] = [];

  private constructor(
    parent: RequestContext | undefined,
    options: RequestContextOptions,
    values: ReadonlyMap<ContextKey<unknown>, unknown>,
  ) {
    this.parent = parent;
    this.name = options.name ?? parent?.name ?? "The request";
    this.#clock = options.clock ?? (parent ? parent.#clock : systemClock);
    this.#values = values;
    const ownDeadlineMs =
      options.timeoutMs === undefined ? Infinity : this.#clock.now() + options.timeoutMs;
    const parentDeadlineMs = parent?.deadlineMs ?? Infinity;
    this.deadlineMs = Math.min(ownDeadlineMs, parentDeadlineMs);
    this.#start(ownDeadlineMs < parentDeadlineMs ? options.timeoutMs : undefined, options.signal);
  }

  /** A parent's timer reaches its children by itself: only an earlier deadline needs its own. */
  #start(timeoutMs: number | undefined, signal: AbortSignal | undefined): void {
    if (this.parent?.isDone) return this.#finish(this.parent.cause);
    if (this.parent) this.parent.#children.add(this);
    if (timeoutMs !== undefined) this.#startTimer(timeoutMs);
    if (signal) this.#follow(signal);
  }

  /** A context with no parent. */
  static start(options: RequestContextOptions = {}): RequestContext {
    return new RequestContext(undefined, options, new Map());
  }

  /** A context that ends with this one at the latest. */
  child(options: RequestContextOptions = {}): RequestContext {
    return new RequestContext(this, options, this.#values);
  }

  /** A child that carries one more value. */
  with<T>(key: ContextKey<T>, value: T, options: RequestContextOptions = {}): RequestContext {
    return new RequestContext(this, options, new Map([...this.#values, [key, value]]));
  }

  /** What the context, or an ancestor, carries under a key. */
  value<T>(key: ContextKey<T>): T | undefined {
    return this.#values.get(key) as T | undefined;
  }

  /** For `fetch`, axios, undici and everything else that takes one. Made on first use. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#isDone) this.#controller.abort(this.#cause);
    }
    return this.#controller.signal;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Why it ended; undefined while it has not. */
  get cause(): unknown {
    return this.#cause;
  }

  /** Milliseconds left, never negative; `Infinity` without a deadline. */
  get remainingMs(): number {
    return Math.max(0, this.deadlineMs - this.#clock.now());
  }

  /** How many children and watchers it still holds: what a leak of contexts would raise. */
  get heldCount(): number {
    return this.#children.size + this.#watchers.size;
  }

  throwIfDone(): void {
    if (this.#isDone) throw this.#cause;
  }

  /** Ends the context and all below it. Only the first call counts. */
  cancel(cause?: unknown): void {
    if (this.#isDone) return;
    this.#finish(
      new FlowError("WT_FLOW_CANCELLED", this.name, cause === undefined ? undefined : { cause }),
    );
  }

  /**
   * The request is over: frees the timer and every link, and cancels what still runs under it,
   * as Go's `defer cancel()` does. Safe to call twice.
   */
  cleanup(): void {
    this.cancel();
  }

  [Symbol.dispose](): void {
    this.cleanup();
  }

  /**
   * Settles as `work` does, or rejects with the cause when the context ends first. Leaves no
   * listener behind, and a rejection of `work` that comes too late is not unhandled.
   */
  race<T>(work: PromiseLike<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const stopWatching = this.onDone(reject);
      work.then(
        (value) => {
          stopWatching();
          resolve(value);
        },
        (error: unknown) => {
          stopWatching();
          reject(error);
        },
      );
    });
  }

  /** Calls `watcher` once with the cause when the context ends (at once if it has); the result stops that. */
  onDone(watcher: Watcher): () => void {
    if (this.#isDone) {
      watcher(this.#cause);
      return () => {};
    }
    const own: Watcher = (cause) => watcher(cause);
    this.#watchers.add(own);
    return () => void this.#watchers.delete(own);
  }

  /** Waits, no longer than the context lasts. */
  sleep(delayMs: number): Promise<void> {
    let cancelTimer = (): void => {};
    const slept = new Promise<void>((resolve) => {
      cancelTimer = this.#clock.schedule(delayMs, resolve);
    });
    return this.race(slept).finally(cancelTimer);
  }

  #startTimer(timeoutMs: number): void {
    const expire = (): void => {
      // The platform's timers cap long delays and may fire a hair early.
      const leftMs = this.deadlineMs - this.#clock.now();
      if (leftMs >= 1) return this.#startTimer(leftMs);
      this.#finish(new FlowError("WT_FLOW_DEADLINE", this.name));
    };
    this.#release = [this.#clock.schedule(timeoutMs, expire)];
  }

  #follow(signal: AbortSignal): void {
    if (signal.aborted) return this.cancel(signal.reason);
    const onAbort = (): void => this.cancel(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#release = [...this.#release, () => signal.removeEventListener("abort", onAbort)];
  }

  #finish(cause: unknown): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#cause = cause;
    if (this.parent) this.parent.#children.delete(this);
    for (const release of this.#release) release();
    this.#release = [];
    this.#controller?.abort(cause);
    for (const child of this.#children) child.#finish(cause);
    this.#children.clear();
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher(cause);
  }
}

/** The smallest useful piece of a {@link RequestContext}. */
export interface RequestScope {
  readonly signal: AbortSignal;
  /** Call it when the request is over, however it ended; twice is fine. */
  readonly cleanup: () => void;
}

/** Milliseconds that {@link createRequestContext} allows unless told otherwise. */
export const REQUEST_TIMEOUT_MS_DEFAULT = 10_000;

/** A deadline for one request: pass `signal` on, call `cleanup` in `finally`. */
export function createRequestContext(timeoutMs: number = REQUEST_TIMEOUT_MS_DEFAULT): RequestScope {
  const context = RequestContext.start({ timeoutMs });
  return { signal: context.signal, cleanup: () => context.cleanup() };
}

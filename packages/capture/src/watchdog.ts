import { CaptureError, type CaptureErrorCode } from "./errors.ts";
import type { ExchangeLimits } from "./limits.ts";

/** Whatever can be torn down: a request with its socket. */
interface Destroyable {
  destroy(error?: Error): unknown;
}

/** The phases of an exchange that have a time limit of their own. */
export type ExchangePhase = "connect" | "header" | "idle";

const PHASES: Readonly<
  Record<ExchangePhase, { readonly limit: keyof ExchangeLimits; readonly code: CaptureErrorCode }>
> = {
  connect: { limit: "connectMs", code: "WT_CAPTURE_CONNECT_TIMEOUT" },
  header: { limit: "headerMs", code: "WT_CAPTURE_HEADER_TIMEOUT" },
  idle: { limit: "idleMs", code: "WT_CAPTURE_IDLE_TIMEOUT" },
};

/**
 * Ends an exchange that overstays: in its phase, in total, or because the caller aborts.
 * The first reason is kept, since tearing a socket down makes every later fault look alike.
 */
export class Watchdog {
  readonly #limits: ExchangeLimits;
  readonly #where: string;
  readonly #signal: AbortSignal | undefined;
  readonly #total: NodeJS.Timeout;
  readonly #onAbort: () => void;
  #phase: NodeJS.Timeout | undefined;
  #guarded: Destroyable | undefined;
  #failure: CaptureError | undefined;

  constructor(limits: ExchangeLimits, signal: AbortSignal | undefined, where: string) {
    this.#limits = limits;
    this.#where = where;
    this.#signal = signal;
    this.#total = setTimeout(() => {
      this.fail("WT_CAPTURE_TOTAL_TIMEOUT", `${where}, ${limits.totalMs} ms`);
    }, limits.totalMs);
    this.#onAbort = (): void => {
      this.fail("WT_CAPTURE_ABORTED", where);
    };
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
  }

  /** Why the exchange was ended, if it was. */
  get failure(): CaptureError | undefined {
    return this.#failure;
  }

  /** Names what is destroyed on failure; destroys it at once when that has happened already. */
  guard(request: Destroyable): void {
    this.#guarded = request;
    if (this.#failure) request.destroy(this.#failure);
  }

  /** Begins the next phase and its time limit. */
  enter(phase: ExchangePhase): void {
    clearTimeout(this.#phase);
    const { limit, code } = PHASES[phase];
    const limitMs = this.#limits[limit];
    this.#phase = setTimeout(() => {
      this.fail(code, `${this.#where}, ${limitMs} ms`);
    }, limitMs);
  }

  /** Progress was made: the phase's time starts again. */
  touch(): void {
    this.#phase?.refresh();
  }

  /** Ends the exchange for a reason; the first one wins. */
  fail(code: CaptureErrorCode, what: string): void {
    if (this.#failure) return;
    this.#failure = new CaptureError(code, what);
    this.#guarded?.destroy(this.#failure);
  }

  /** Lets go of the timers, the signal and the socket. */
  close(): void {
    this.#guarded?.destroy();
    clearTimeout(this.#total);
    clearTimeout(this.#phase);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}

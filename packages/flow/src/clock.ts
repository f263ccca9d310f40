/** Time, as an argument: milliseconds that never run backwards, and one-shot timers. */
export interface Clock {
  now(): number;
  /** Calls `wake` once, no sooner than `delayMs` from now; the result cancels it. */
  schedule(delayMs: number, wake: () => void): () => void;
}

// Longer delays overflow the platform's 32-bit timer and would fire at once.
const DELAY_MS_MAX = 2_147_483_647;

/** The platform's clock. Its timers never keep a process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(delayMs, wake) {
    const timer: unknown = setTimeout(wake, Math.min(Math.max(0, delayMs), DELAY_MS_MAX));
    // Node's timers are objects that can be let go of; a browser's are numbers.
    if (typeof timer === "object") (timer as { unref(): void }).unref();
    return () => clearTimeout(timer as number);
  },
};

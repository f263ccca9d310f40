import { setTimeout as delay } from "node:timers/promises";

/** Time and chance, so that a test can hold both. */
export interface CaptureClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
}

/** The machine's own clock. */
export const SYSTEM_CLOCK: CaptureClock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {});
  },
  random: () => Math.random(),
};

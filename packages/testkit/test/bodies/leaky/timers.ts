/** Timers that go on, and work that keeps setting new ones. */
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { LeakyBody } from "./leaky-body.ts";

const bus = new EventEmitter();

async function pollUntilAborted(signal: AbortSignal): Promise<void> {
  void signal;
  for (let round = 0; round < 200; round += 1) {
    await sleep(20); // ignores the signal
  }
}

export const TIMERS: readonly LeakyBody[] = [
  {
    name: "an interval",
    cause: "timer-loop",
    line: "setInterval(",
    run: (cleanUp) => {
      const timer = setInterval(() => {}, 1000);
      cleanUp(() => clearInterval(timer));
    },
  },
  {
    name: "an unref'd timeout",
    cause: "timer-loop",
    line: "setTimeout(",
    run: (cleanUp) => {
      const timer = setTimeout(() => {}, 60_000).unref();
      cleanUp(() => clearTimeout(timer));
    },
  },
  {
    name: "a sleeper",
    cause: "timer-loop",
    line: "await sleep(30_000",
    run: (cleanUp) => {
      const stop = new AbortController();
      cleanUp(() => stop.abort());
      void (async () => {
        await sleep(30_000, undefined, { signal: stop.signal }).catch(() => {});
      })();
    },
  },
  {
    name: "work that ignores its signal",
    cause: "context-ignored",
    line: "ignores the signal",
    run: () => {
      const controller = new AbortController();
      void pollUntilAborted(controller.signal);
      controller.abort();
    },
  },
  {
    name: "an interval that a module's function sets, twice",
    cause: "timer-loop",
    line: "setInterval(() => bus.emit",
    run: (cleanUp) => {
      for (let round = 0; round < 2; round += 1) {
        const timer = setInterval(() => bus.emit("beat"), 1000);
        cleanUp(() => clearInterval(timer));
      }
    },
  },
];

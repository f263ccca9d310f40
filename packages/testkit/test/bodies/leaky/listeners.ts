/** Listeners on what is older than the body and lives on. */
import { EventEmitter } from "node:events";
import type { LeakyBody } from "./leaky-body.ts";

const bus = new EventEmitter();
const shutdown = new AbortController();

export const LISTENERS: readonly LeakyBody[] = [
  {
    name: "a listener on an older emitter",
    cause: "listener-growth",
    line: 'bus.on("change"',
    run: (cleanUp) => {
      const onChange = (): void => {};
      bus.on("change", onChange);
      cleanUp(() => bus.off("change", onChange));
    },
  },
  {
    name: "a listener on an older signal",
    cause: "listener-growth",
    line: "addEventListener(",
    run: (cleanUp) => {
      const onAbort = (): void => {};
      shutdown.signal.addEventListener("abort", onAbort);
      cleanUp(() => shutdown.signal.removeEventListener("abort", onAbort));
    },
  },
];

/** Awaits that nothing ends, and a generator that stops half way. */
import { EventEmitter, once } from "node:events";
import type { LeakyBody } from "./leaky-body.ts";

const bus = new EventEmitter();

async function waitForever(): Promise<void> {
  await new Promise(() => {}); // never settles
}

async function beatWhileWaiting(cleanUp: (step: () => unknown) => void): Promise<void> {
  const beat = setInterval(() => bus.emit("beat"), 1000);
  cleanUp(() => clearInterval(beat));
  await new Promise(() => {}); // never settles, and its interval is no leak of its own
  clearInterval(beat);
}

async function callsWaitForever(): Promise<void> {
  await waitForever();
}

async function* readRows(): AsyncGenerator<number> {
  try {
    for (let row = 0; ; row += 1) yield row;
  } finally {
    bus.emit("closed");
  }
}

export const AWAITS: readonly LeakyBody[] = [
  {
    name: "an await on a promise that nothing settles",
    cause: "promise-pending",
    line: "never settles",
    run: () => void callsWaitForever(),
  },
  {
    name: "a lost event",
    cause: "promise-pending",
    line: 'once(emitter, "ready")',
    run: () => {
      const emitter = new EventEmitter();
      void (async () => {
        await once(emitter, "ready");
      })();
    },
  },
  {
    name: "an await and, beside it, a timer of its own",
    cause: "promise-pending",
    line: "never settles",
    run: (cleanUp) => {
      void beatWhileWaiting(cleanUp);
    },
  },
  {
    name: "a then on a promise that nothing settles",
    cause: "promise-pending",
    line: ".then(",
    run: () => {
      void new Promise<number>(() => {}).then((value) => bus.emit("value", value));
    },
  },
  {
    name: "an async generator that is left",
    cause: "iterator-abandoned",
    line: "yield row",
    run: async () => {
      const rows = readRows();
      await rows.next();
    },
  },
];

/** Bodies that leave something, each with the cause and the text of the line that has to be named. */
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import fs from "node:fs";
import { open, watch } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Channel } from "@watertight/flow";
import { Pool } from "undici";
import { collectGarbage } from "../../src/collect-garbage.ts";
import { Mutex } from "./mutex.ts";
import { serverUrl } from "./server.ts";

export interface LeakyBody {
  readonly name: string;
  readonly cause: string;
  /** In the line of the finding's site. */
  readonly line: string;
  readonly run: (cleanUp: (step: () => unknown) => void) => unknown;
}

const bus = new EventEmitter();
const shutdown = new AbortController();

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

async function pollUntilAborted(signal: AbortSignal): Promise<void> {
  void signal;
  for (let round = 0; round < 200; round += 1) {
    await sleep(20); // ignores the signal
  }
}

async function* readRows(): AsyncGenerator<number> {
  try {
    for (let row = 0; ; row += 1) yield row;
  } finally {
    bus.emit("closed");
  }
}

export const LEAKY: readonly LeakyBody[] = [
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
    name: "a server",
    cause: "handle-leak",
    line: "createServer().listen(",
    run: async (cleanUp) => {
      const server = http.createServer().listen(0, "127.0.0.1");
      cleanUp(() => server.close());
      await once(server, "listening");
    },
  },
  {
    name: "a socket",
    cause: "handle-leak",
    line: "net.connect(",
    run: async (cleanUp) => {
      const socket = net.connect(Number(new URL(serverUrl()).port), "127.0.0.1");
      cleanUp(() => socket.destroy());
      await once(socket, "connect");
    },
  },
  {
    name: "a fetch body that nobody reads",
    cause: "unclosed-body",
    line: "await fetch(",
    run: async (cleanUp) => {
      const response = await fetch(`${serverUrl()}/large`);
      cleanUp(() => response.body?.cancel());
    },
  },
  {
    name: "a fetch body that is collected before anybody looks",
    cause: "unclosed-body",
    line: "await fetch(",
    run: async () => {
      const status = async (): Promise<number> => {
        const { status: code } = await fetch(`${serverUrl()}/large`); // its body is dropped
        return code;
      };
      await status();
      collectGarbage();
      await sleep(1);
    },
  },
  {
    name: "a pool of undici that the body makes itself",
    cause: "handle-leak",
    line: "new Pool(",
    run: async (cleanUp) => {
      const pool = new Pool(serverUrl());
      cleanUp(() => pool.close());
      const { body } = await pool.request({ path: "/", method: "GET" });
      await body.text();
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
  {
    name: "an http response that nobody reads",
    cause: "unclosed-body",
    line: "http.get(",
    run: async (cleanUp) => {
      const request = http.get(`${serverUrl()}/large`);
      cleanUp(() => request.destroy());
      await once(request, "response");
    },
  },
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
  {
    name: "an async generator that is left",
    cause: "iterator-abandoned",
    line: "yield row",
    run: async () => {
      const rows = readRows();
      await rows.next();
    },
  },
  {
    name: "a descriptor of openSync",
    cause: "handle-leak",
    line: "fs.openSync(",
    run: (cleanUp) => {
      const descriptor = fs.openSync(import.meta.filename, "r");
      cleanUp(() => fs.closeSync(descriptor));
    },
  },
  {
    name: "a file handle",
    cause: "handle-leak",
    line: "await open(",
    run: async (cleanUp) => {
      const file = await open(import.meta.filename, "r");
      cleanUp(() => file.close());
    },
  },
  {
    name: "a child process",
    cause: "handle-leak",
    line: "spawn(",
    run: (cleanUp) => {
      const child = spawn("sleep", ["30"]);
      cleanUp(() => child.kill());
    },
  },
  {
    name: "a worker",
    cause: "handle-leak",
    line: "new Worker(",
    run: async (cleanUp) => {
      const worker = new Worker("setInterval(() => {}, 1000)", { eval: true });
      cleanUp(() => worker.terminate());
      await once(worker, "online");
    },
  },
  {
    name: "a message port",
    cause: "handle-leak",
    line: "new MessageChannel(",
    run: (cleanUp) => {
      const { port1 } = new MessageChannel();
      port1.onmessage = () => {};
      cleanUp(() => port1.close());
    },
  },
  {
    name: "a watcher",
    cause: "handle-leak",
    line: "fs.watch(",
    run: (cleanUp) => {
      const watcher = fs.watch(import.meta.dirname);
      cleanUp(() => watcher.close());
    },
  },
  {
    name: "a watcher that is iterated for ever",
    cause: "handle-leak",
    line: "of watch(",
    run: (cleanUp) => {
      const stop = new AbortController();
      cleanUp(() => stop.abort());
      void (async () => {
        for await (const { filename } of watch(import.meta.dirname, stop)) bus.emit("x", filename);
      })().catch(() => {});
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
    name: "a lock that is not given back",
    cause: "lock-held",
    line: "mutex.acquire(); // second",
    run: async () => {
      const mutex = new Mutex();
      await mutex.acquire(); // first
      void (async () => {
        await mutex.acquire(); // second
      })();
    },
  },
  {
    name: "a send with no receiver",
    cause: "channel-send",
    line: "results.send(",
    run: () => {
      const results = new Channel<number>({ name: "results" });
      void (async () => {
        await results.send(1);
      })();
    },
  },
  {
    name: "a receive with no sender",
    cause: "channel-receive",
    line: "jobs.receive(",
    run: () => {
      const jobs = new Channel<number>({ name: "jobs" });
      void (async () => {
        await jobs.receive();
      })();
    },
  },
  {
    name: "a stream that does not drain",
    cause: "stream-stalled",
    line: 'once(stream, "drain")',
    run: () => {
      const stream = new PassThrough({ highWaterMark: 1 });
      void (async () => {
        if (!stream.write("more than fits")) await once(stream, "drain");
      })();
    },
  },
];

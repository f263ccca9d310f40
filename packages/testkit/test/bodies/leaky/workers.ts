/** Processes and threads that run on, and a port between them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { LeakyBody } from "./leaky-body.ts";

export const WORKERS: readonly LeakyBody[] = [
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
];

/** The worker in which task profiles are made, and how it comes and goes without a trace. */
import { extname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { keepConditions } from "../worker-flags.ts";
import type { TaskAnswer, WorkerCommand } from "../task-worker.ts";

/** The heap that decoding a snapshot may use before the worker, and only the worker, is ended. */
const WORKER_HEAP_MB_MAX = 4096;
/** How long the end of the process may wait for the worker. */
const EXIT_WAIT_MS_MAX = 100;

/** A worker with an inspector session to this thread. */
export class TaskThread {
  readonly #worker: Worker;
  readonly #disconnected = new Int32Array(new SharedArrayBuffer(4));
  /** Each answer goes to who asked for it, and to nobody who lives on: it is as large as a heap may be. */
  #asking: PromiseWithResolvers<TaskAnswer> | undefined;
  #leaving: PromiseWithResolvers<void> | undefined;
  #ending: TaskAnswer | undefined;

  constructor() {
    // Beside this file there are sources in development and compiled files when published.
    const file = new URL(`../task-worker${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(file, {
      workerData: this.#disconnected,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB_MAX },
      execArgv: [...keepConditions(process.execArgv)],
      env: {},
    });
    this.#worker.on("message", (answer: TaskAnswer) => this.#take(answer));
    // An error in the worker must never become the host's.
    this.#worker.on("error", ({ message }) => this.#end(message));
    this.#worker.on("exit", () => this.#end("the worker ended without an answer"));
    this.#worker.unref();
    process.once("exit", this.#onExit);
  }

  get hasEnded(): boolean {
    return this.#ending !== undefined;
  }

  /** Sends a piece of a snapshot, which is gone from here then. */
  sendPiece(piece: Uint8Array<ArrayBuffer>): void {
    this.#worker.postMessage({ kind: "piece", piece } satisfies WorkerCommand, [piece.buffer]);
  }

  /** Gives a command that is answered. What ends the worker is an answer too. */
  async ask(command: WorkerCommand): Promise<TaskAnswer> {
    if (this.#ending) return this.#ending;
    const asking = (this.#asking = Promise.withResolvers<TaskAnswer>());
    // Who waits for an answer gets it, also when nothing else is left to do.
    this.#worker.ref();
    this.#worker.postMessage(command);
    try {
      return await asking.promise;
    } finally {
      this.#worker.unref();
    }
  }

  /** Ends the worker. */
  async close(): Promise<void> {
    // Node aborts the whole process when a worker is gone before this thread has taken its
    // inspector session apart. So the worker says when it has closed it, and stays until this
    // thread has been round its loop.
    process.off("exit", this.#onExit);
    if (this.#ending) return;
    const leaving = (this.#leaving = Promise.withResolvers<void>());
    this.#worker.ref();
    this.#worker.postMessage({ kind: "disconnect" } satisfies WorkerCommand);
    await leaving.promise;
    await nextTurn();
    await nextTurn();
    await this.#worker.terminate();
  }

  #take(answer: TaskAnswer): void {
    if (answer.kind === "disconnected") {
      this.#leaving?.resolve();
      return;
    }
    this.#asking?.resolve(answer);
    this.#asking = undefined;
  }

  #end(problem: string): void {
    this.#ending ??= { kind: "problem", problem, code: "WT_AGENT_FAILED" };
    process.off("exit", this.#onExit);
    this.#take(this.#ending);
    this.#leaving?.resolve();
  }

  /** Node writes "Waiting for the debugger to disconnect..." when a process ends with a session open. */
  readonly #onExit = (): void => {
    this.#worker.postMessage({ kind: "disconnect" } satisfies WorkerCommand);
    Atomics.wait(this.#disconnected, 0, 0, EXIT_WAIT_MS_MAX);
    // The session's end is an interrupt, which this thread takes at its next function call.
    const untilMs = performance.now() + 1;
    while (performance.now() < untilMs);
  };
}

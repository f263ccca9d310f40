/** The worker in which task profiles are made, and how it comes and goes without a trace. */
import { once } from "node:events";
import { extname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { TaskAnswer, WorkerCommand } from "../task-worker.ts";

/** The heap that decoding a snapshot may use before the worker, and only the worker, is ended. */
const WORKER_HEAP_MB_MAX = 4096;
/** How long the end of the process may wait for the worker. */
const EXIT_WAIT_MS_MAX = 100;

/** A worker with an inspector session to this thread. */
export class TaskThread {
  readonly #worker: Worker;
  readonly #disconnected = new Int32Array(new SharedArrayBuffer(4));
  readonly #ended = Promise.withResolvers<TaskAnswer>();
  #hasEnded = false;

  constructor() {
    // Beside this file there are sources in development and compiled files when published.
    const file = new URL(`../task-worker${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(file, {
      workerData: this.#disconnected,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB_MAX },
      // The host's own preloads and flags are not for the worker, least of all the agent itself.
      execArgv: process.execArgv.filter((flag) => flag.startsWith("--conditions")),
      env: {},
    });
    // An error in the worker must never become the host's.
    this.#worker.on("error", ({ message }) => this.#end(message));
    this.#worker.on("exit", () => this.#end("the worker ended without an answer"));
    this.#worker.unref();
    process.once("exit", this.#onExit);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Sends a piece of a snapshot, which is gone from here then. */
  sendPiece(piece: Uint8Array<ArrayBuffer>): void {
    this.#worker.postMessage({ kind: "piece", piece } satisfies WorkerCommand, [piece.buffer]);
  }

  /** Gives a command that is answered. What ends the worker is an answer too. */
  async ask(command: WorkerCommand): Promise<TaskAnswer> {
    const answered = once(this.#worker, "message").then(([answer]) => answer as TaskAnswer);
    answered.catch(() => {});
    this.#worker.postMessage(command);
    return await Promise.race([answered, this.#ended.promise]);
  }

  /** Ends the worker. */
  async close(): Promise<void> {
    // Node aborts the whole process when a worker is gone before this thread has taken its
    // inspector session apart. So the worker says when it has closed it, and stays until this
    // thread has been round its loop.
    process.off("exit", this.#onExit);
    if (this.#hasEnded) return;
    const isClosed = this.#disconnect();
    await Promise.race([isClosed, this.#ended.promise]);
    await nextTurn();
    await nextTurn();
    await this.#worker.terminate();
  }

  #disconnect(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#worker.on("message", ({ kind }: TaskAnswer) => {
      if (kind === "disconnected") resolve();
    });
    this.#worker.postMessage({ kind: "disconnect" } satisfies WorkerCommand);
    return promise;
  }

  #end(problem: string): void {
    this.#hasEnded = true;
    process.off("exit", this.#onExit);
    this.#ended.resolve({ kind: "problem", problem, code: "WT_AGENT_FAILED" });
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

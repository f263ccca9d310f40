/**
 * The task profile, from a worker that stays for a while: the ids by which a task is known again
 * last as long as the worker's inspector session.
 */
import { once } from "node:events";
import { extname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { AgentError } from "../errors.ts";
import type { TaskAnswer, TaskRequest, WorkerCommand } from "../task-worker.ts";

/** The heap that decoding a snapshot may use before the worker, and only the worker, is ended. */
const WORKER_HEAP_MB_MAX = 4096;
/** How long the worker waits for the next request before it gives its memory back. */
const WORKER_IDLE_MS = 10 * 60_000;

/** How long the end of the process may wait for the worker. */
const EXIT_WAIT_MS_MAX = 100;

/** Takes task profiles, one at a time. */
export class TaskProfiler {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isTaking = false;
  readonly #disconnected = new Int32Array(new SharedArrayBuffer(4));
  /** Suspended tasks in the last profile; undefined before the first. */
  lastCount: number | undefined;

  /**
   * The suspended tasks of this process, as `goroutine?debug=` and `goroutineleak` answer them.
   *
   * @throws {AgentError} `WT_AGENT_BUSY`, `WT_AGENT_TOO_COSTLY`, `WT_AGENT_FAILED`
   */
  async take(request: TaskRequest): Promise<Uint8Array> {
    if (this.#isTaking) throw new AgentError("WT_AGENT_BUSY", "task profile");
    this.#isTaking = true;
    clearTimeout(this.#idle);
    try {
      const answer = await this.#ask(request);
      if ("problem" in answer) throw new AgentError(answer.code, answer.problem);
      this.lastCount = answer.count;
      return answer.bytes;
    } finally {
      this.#isTaking = false;
      this.#idle = setTimeout(() => void this.close(), WORKER_IDLE_MS).unref();
    }
  }

  /** Ends the worker. The next profile starts another one. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    if (!worker) return;
    this.#worker = undefined;
    // Node aborts the whole process when a worker is gone before this thread has taken its
    // inspector session apart. So the worker says when it has closed it, and stays until this
    // thread has been round its loop.
    process.off("exit", this.#onExit);
    const isClosed = once(worker, "message");
    worker.postMessage({ kind: "disconnect" } satisfies WorkerCommand);
    await Promise.race([isClosed, once(worker, "exit")]);
    await nextTurn();
    await nextTurn();
    await worker.terminate();
  }

  /** Node writes "Waiting for the debugger to disconnect..." when a process ends with a session open. */
  readonly #onExit = (): void => {
    this.#worker?.postMessage({ kind: "disconnect" } satisfies WorkerCommand);
    Atomics.wait(this.#disconnected, 0, 0, EXIT_WAIT_MS_MAX);
    // The session's end is an interrupt, which this thread takes at its next function call.
    const untilMs = performance.now() + 1;
    while (performance.now() < untilMs);
  };

  async #ask(request: TaskRequest): Promise<TaskAnswer> {
    const worker = this.#start();
    const answer = new Promise<TaskAnswer>((resolve) => {
      const fail = (problem: string): void => {
        this.#worker = undefined;
        process.off("exit", this.#onExit);
        resolve({ code: "WT_AGENT_FAILED", problem });
      };
      const onError = (error: Error): void => fail(error.message);
      const onExit = (): void => fail("the worker ended without an answer");
      worker.once("error", onError);
      worker.once("exit", onExit);
      worker.once("message", (message: TaskAnswer) => {
        worker.off("error", onError).off("exit", onExit);
        resolve(message);
      });
    });
    worker.postMessage({ kind: "take", request } satisfies WorkerCommand);
    return await answer;
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    // Beside this file there are sources in development and compiled files when published.
    const file = new URL(`../task-worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(file, {
      workerData: this.#disconnected,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB_MAX },
      // The host's own preloads and flags are not for the worker, least of all the agent itself.
      execArgv: process.execArgv.filter((flag) => flag.startsWith("--conditions")),
      env: {},
    });
    // An error in the worker must never become the host's.
    worker.on("error", () => {});
    worker.unref();
    this.#disconnected[0] = 0;
    process.once("exit", this.#onExit);
    this.#worker = worker;
    return worker;
  }
}

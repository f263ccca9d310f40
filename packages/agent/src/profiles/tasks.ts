/**
 * The task profile: of a copy of this process, or of the process itself where there is none. A
 * worker that stays for a while reads it, and remembers which task is which of the last one.
 */
import type { TaskBudget } from "@watertight/capture/in-process";
import { CopiedHeap } from "../copy/copied-heap.ts";
import { AgentError } from "../errors.ts";
import type { TaskAnswer, TaskRequest, TaskResult } from "../task-worker.ts";
import { OwnHeap } from "./own-heap.ts";
import { TaskThread } from "./task-thread.ts";

/** Whether a task profile may be taken of a copy of the process: where it can (`auto`), or never. */
export type TaskCopy = "auto" | "off";

/** How long the worker waits for the next request before it gives its memory back. */
const WORKER_IDLE_MS = 10 * 60_000;
/** A census of a snapshot this old is still told as what the process holds. */
const CENSUS_RECENT_MS = 60_000;

/** Takes task profiles, one at a time. */
export class TaskProfiler {
  readonly #own = new OwnHeap();
  readonly #copied: CopiedHeap | undefined;
  #thread: TaskThread | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isTaking = false;
  #census: { readonly json: Uint8Array; readonly takenMs: number } | undefined;
  /** Suspended tasks in the last profile; undefined before the first. */
  lastCount: number | undefined;

  constructor(copy: TaskCopy) {
    this.#copied = copy === "auto" ? new CopiedHeap() : undefined;
  }

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
      const { bytes, count, census } = await this.#read(request);
      this.lastCount = count;
      this.#census = { json: census, takenMs: performance.now() };
      return bytes;
    } finally {
      this.#isTaking = false;
      this.#idle = setTimeout(() => void this.close(), WORKER_IDLE_MS).unref();
    }
  }

  /**
   * What else the process held when its last task profile was taken, as JSON; a profile is taken
   * first where there is none of the last minute.
   *
   * @throws {AgentError} as {@link take} does
   */
  async census(budget: TaskBudget): Promise<Uint8Array> {
    const isRecent = (takenMs: number): boolean => performance.now() - takenMs < CENSUS_RECENT_MS;
    if (!this.#census || !isRecent(this.#census.takenMs)) {
      await this.take({ debug: 1, tasks: "all", budget });
    }
    return (this.#census as { readonly json: Uint8Array }).json;
  }

  /** Ends the worker, and forgets. The next profile starts another one. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#census = undefined;
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.close();
    this.#copied?.close();
  }

  async #read(request: TaskRequest): Promise<TaskResult> {
    if (this.#thread?.hasEnded !== false) this.#thread = new TaskThread();
    const thread = this.#thread;
    const copied = await this.#copied?.read(thread, request);
    const answer =
      copied === undefined || copied.kind === "lost"
        ? await this.#own.read(thread, request, copied ? [describeLoss(copied)] : [])
        : copied;
    if (answer.kind === "profile") return answer;
    const { code, problem } =
      answer.kind === "problem"
        ? answer
        : { code: "WT_AGENT_FAILED" as const, problem: "the worker is being closed" };
    throw new AgentError(code, problem);
  }
}

function describeLoss({ problem }: Extract<TaskAnswer, { readonly kind: "lost" }>): string {
  return `The profile was taken in the process itself, which stood still for it longer: ${problem}.`;
}

/**
 * The task profile. This thread stands still for a snapshot and nothing else; a worker that stays
 * for a while reads it: the ids by which a task is known again last as long as its session.
 */
import {
  describeRefusal,
  StandstillForecast,
  type TaskBudget,
} from "@watertight/capture/in-process";
import { AgentError } from "../errors.ts";
import type { TaskRequest, TaskResult } from "../task-worker.ts";
import { fitMemory } from "./memory-room.ts";
import { sendHeapSnapshot } from "./send-snapshot.ts";
import { TaskThread } from "./task-thread.ts";

/** How long the worker waits for the next request before it gives its memory back. */
const WORKER_IDLE_MS = 10 * 60_000;
/** A census of a snapshot this old is still told as what the process holds. */
const CENSUS_RECENT_MS = 60_000;

/** Takes task profiles, one at a time. */
export class TaskProfiler {
  readonly #forecast = new StandstillForecast("direct");
  #thread: TaskThread | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isTaking = false;
  #census: { readonly json: Uint8Array; readonly takenMs: number } | undefined;
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
  }

  async #read(request: TaskRequest): Promise<TaskResult> {
    const heapBytes = process.memoryUsage().heapUsed;
    const refusal = this.#forecast.refuse(heapBytes, fitMemory(request.budget));
    if (refusal) throw new AgentError("WT_AGENT_TOO_COSTLY", describeRefusal(refusal));
    if (this.#thread?.hasEnded !== false) this.#thread = new TaskThread();
    const thread = this.#thread;
    // The worker starts up before the snapshot: neither makes the other slower.
    let answer = await thread.ask({ kind: "open" });
    if (answer.kind === "opened") {
      const tookMs = await sendHeapSnapshot((piece) => thread.sendPiece(piece));
      this.#forecast.learn(heapBytes, tookMs);
      answer = await thread.ask({ kind: "read", request });
    }
    if (answer.kind === "profile") return answer;
    const { code, problem } =
      answer.kind === "problem"
        ? answer
        : { code: "WT_AGENT_FAILED" as const, problem: "the worker is being closed" };
    throw new AgentError(code, problem);
  }
}

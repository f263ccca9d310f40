/** Tasks off a copy of the process: what takes long is done to the copy. */
import { StandstillForecast } from "@watertight/capture/in-process";
import { allowSnapshot } from "../profiles/allow-snapshot.ts";
import type { TaskThread } from "../profiles/task-thread.ts";
import type { TaskAnswer, TaskRequest } from "../task-worker.ts";
import { ProcessCopier } from "./process-copier.ts";

/** A copy comes to nothing when a thread held a lock as it was made: the next moment is another one. */
const COPIES_MAX = 3;

/** Reads the heap of this process in copies of it. */
export class CopiedHeap {
  readonly #forecast = new StandstillForecast("copy");
  #copier: ProcessCopier | undefined;

  /**
   * @returns undefined where the process cannot be copied; an answer `lost` when no copy came to anything
   * @throws {AgentError} `WT_AGENT_TOO_COSTLY`
   */
  async read(thread: TaskThread, request: TaskRequest): Promise<TaskAnswer | undefined> {
    this.#copier ??= await ProcessCopier.open();
    const copier = this.#copier;
    if (!copier) return undefined;
    const ready = await thread.ask({ kind: "ready" });
    if (ready.kind !== "ready") return ready;
    let answer: TaskAnswer | undefined;
    for (let made = 0; made < COPIES_MAX; made++) {
      answer = await this.#readOne(copier, thread, request);
      if (answer?.kind !== "lost") return answer;
    }
    return answer;
  }

  /** Ends what copies need in this process. */
  close(): void {
    this.#copier?.close();
    this.#copier = undefined;
  }

  async #readOne(
    copier: ProcessCopier,
    thread: TaskThread,
    request: TaskRequest,
  ): Promise<TaskAnswer | undefined> {
    const heapBytes = allowSnapshot(this.#forecast, request.budget);
    const startMs = performance.now();
    const copy = copier.copy();
    if (!copy) return undefined;
    this.#forecast.learn(heapBytes, performance.now() - startMs);
    try {
      return await thread.ask({ kind: "copy", copy, request });
    } finally {
      await copier.bury(copy.pid);
    }
  }
}

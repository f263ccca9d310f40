/** Tasks off a snapshot that this thread takes of itself: it stands still for that and nothing else. */
import { StandstillForecast } from "@watertight/capture/in-process";
import type { TaskAnswer, TaskRequest } from "../task-worker.ts";
import { allowSnapshot } from "./allow-snapshot.ts";
import { sendHeapSnapshot } from "./send-snapshot.ts";
import type { TaskThread } from "./task-thread.ts";

/** Reads the heap of this process in the process itself. */
export class OwnHeap {
  readonly #forecast = new StandstillForecast("direct");

  /**
   * @param notes sentences on why the profile was taken this way
   * @throws {AgentError} `WT_AGENT_TOO_COSTLY`
   */
  async read(
    thread: TaskThread,
    request: TaskRequest,
    notes: readonly string[],
  ): Promise<TaskAnswer> {
    const heapBytes = allowSnapshot(this.#forecast, request.budget);
    // The worker starts up before the snapshot: neither makes the other slower.
    const opened = await thread.ask({ kind: "open" });
    if (opened.kind !== "ready") return opened;
    const tookMs = await sendHeapSnapshot((piece) => thread.sendPiece(piece));
    this.#forecast.learn(heapBytes, tookMs);
    return await thread.ask({ kind: "read", request, notes });
  }
}

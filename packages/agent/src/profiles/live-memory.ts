/** Memory as it is once garbage is gone: what a profile holds otherwise, V8 may keep for minutes. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  collectGarbage,
  StandstillForecast,
  type TaskBudget,
} from "@watertight/capture/in-process";
import { allowCollection } from "./allow-snapshot.ts";

const forecast = new StandstillForecast("collection");

/** The memory of Buffers is given back by other threads, some milliseconds later. */
const SETTLE_MS = 5;
const SETTLE_ROUNDS_MAX = 20;

/**
 * Collects garbage; the process stands still for it.
 *
 * @throws {AgentError} `WT_AGENT_TOO_COSTLY` where the budget does not allow it
 */
export async function leaveLive(budget: TaskBudget): Promise<void> {
  const heapBytes = allowCollection(forecast, budget);
  const startedMs = performance.now();
  collectGarbage();
  forecast.learn(heapBytes, performance.now() - startedMs);
  for (let round = 0; round < SETTLE_ROUNDS_MAX; round++) {
    const before = process.memoryUsage().arrayBuffers;
    await sleep(SETTLE_MS, undefined, { ref: false });
    if (process.memoryUsage().arrayBuffers >= before) return;
  }
}

/** Memory as it is once garbage is gone: what a profile holds otherwise, V8 may keep for minutes. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  collectGarbage,
  describeRefusal,
  StandstillForecast,
  type TaskBudget,
} from "@watertight/capture/in-process";
import { AgentError } from "../errors.ts";

const forecast = new StandstillForecast("collection");

/** The memory of Buffers is given back by other threads, some milliseconds later. */
const SETTLE_MS = 5;
const SETTLE_ROUNDS_MAX = 20;

/**
 * Collects garbage; the process stands still for it.
 *
 * @throws {AgentError} `WT_AGENT_TOO_COSTLY` where the budget does not allow it
 */
export async function leaveLive({ standstillMs }: TaskBudget): Promise<void> {
  const heapBytes = process.memoryUsage().heapUsed;
  const budget = { standstillMs, heapBytesMax: Number.POSITIVE_INFINITY } as TaskBudget;
  const refusal = forecast.refuse(heapBytes, budget);
  if (refusal) throw new AgentError("WT_AGENT_TOO_COSTLY", describeRefusal(refusal));
  const startedMs = performance.now();
  collectGarbage();
  forecast.learn(heapBytes, performance.now() - startedMs);
  for (let round = 0; round < SETTLE_ROUNDS_MAX; round++) {
    const before = process.memoryUsage().arrayBuffers;
    // oxlint-disable-next-line no-await-in-loop -- one look after the other is the point
    await sleep(SETTLE_MS, undefined, { ref: false });
    if (process.memoryUsage().arrayBuffers >= before) return;
  }
}

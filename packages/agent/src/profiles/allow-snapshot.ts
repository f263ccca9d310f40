/** Whether a heap may be walked, asked in one way however and for whatever that is going to be. */
import {
  describeRefusal,
  type StandstillForecast,
  type TaskBudget,
} from "@watertight/capture/in-process";
import { AgentError } from "../errors.ts";
import { fitMemory } from "./memory-room.ts";

/**
 * The bytes of heap in use that a snapshot is going to be of.
 *
 * @throws {AgentError} `WT_AGENT_TOO_COSTLY` where the budget, or the memory that is left, does not allow it
 */
export function allowSnapshot(forecast: StandstillForecast, budget: TaskBudget): number {
  return allow(forecast, fitMemory(budget));
}

/**
 * The same of a garbage collection, which takes no memory.
 *
 * @throws {AgentError} `WT_AGENT_TOO_COSTLY` where the budget does not allow it
 */
export function allowCollection(
  forecast: StandstillForecast,
  { standstillMs }: TaskBudget,
): number {
  return allow(forecast, { standstillMs, heapBytesMax: Number.POSITIVE_INFINITY });
}

function allow(
  forecast: StandstillForecast,
  bounds: Parameters<StandstillForecast["refuse"]>[1],
): number {
  const heapBytes = process.memoryUsage().heapUsed;
  const refusal = forecast.refuse(heapBytes, bounds);
  if (refusal) throw new AgentError("WT_AGENT_TOO_COSTLY", describeRefusal(refusal));
  return heapBytes;
}

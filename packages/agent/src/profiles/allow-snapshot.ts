/** Whether a snapshot may be taken, asked in one way however it is going to be taken. */
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
  const heapBytes = process.memoryUsage().heapUsed;
  const refusal = forecast.refuse(heapBytes, fitMemory(budget));
  if (refusal) throw new AgentError("WT_AGENT_TOO_COSTLY", describeRefusal(refusal));
  return heapBytes;
}

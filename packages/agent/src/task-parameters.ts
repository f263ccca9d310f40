/** What a task profile may cost, as whoever asks for it says. */
import type { TaskBudget } from "@watertight/capture/in-process";
import type { AgentSettings } from "./agent-options.ts";
import { AgentError } from "./errors.ts";

const STANDSTILL_MS_MAX = 3_600_000;

/**
 * The budget of the agent, with `standstill_ms=` of the query where that is given.
 *
 * @throws {AgentError} `WT_AGENT_PARAMETER`
 */
export function readTaskBudget(query: URLSearchParams, { taskBudget }: AgentSettings): TaskBudget {
  const text = query.get("standstill_ms");
  if (text === null) return taskBudget;
  const standstillMs = Number(text);
  const isMs = /^\d+$/.test(text) && standstillMs <= STANDSTILL_MS_MAX;
  if (!isMs) throw new AgentError("WT_AGENT_PARAMETER", `standstill_ms=${text}`);
  return { ...taskBudget, standstillMs };
}

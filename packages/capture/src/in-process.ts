/**
 * The little of this room that an agent or a test needs inside the process that it observes:
 * everything that is loaded there is part of the heap that each task profile walks.
 */
export { collectGarbage } from "./collect-garbage.ts";
export { CaptureError } from "./errors.ts";
export { type AgentAddress, agentFile, agentFolder } from "./tasks/agent-address.ts";
export type { InspectorSession } from "./tasks/inspector-session.ts";
export { describeRefusal, StandstillForecast } from "./tasks/standstill-forecast.ts";
export { DEFAULT_TASK_BUDGET, type TaskBudget } from "./tasks/task-budget.ts";

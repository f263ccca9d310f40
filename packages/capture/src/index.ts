export { type CaptureBudget, DEFAULT_CAPTURE_BUDGET } from "./budget.ts";
export * from "./capture-record.ts";
export * from "./capture.ts";
export * from "./clock.ts";
export * from "./connection.ts";
export * from "./errors.ts";
export * from "./limits.ts";
export * from "./probe.ts";
export * from "./raw-files.ts";
export * from "./request-counter.ts";
export * from "./secret.ts";
export * from "./target.ts";
export * from "./capture-folder.ts";
export * from "./read-captures.ts";
export { readFileBytes, readStreamBytes, type LentBytes } from "./saved-bytes.ts";
export {
  type AgentAddress,
  agentFile,
  agentFolder,
  readAgentAddress,
  readStartTime,
} from "./tasks/agent-address.ts";
export { attachToProcess } from "./tasks/attach-to-process.ts";
export { attach, type AttachedProcess, type AttachOptions } from "./tasks/capture-attached.ts";
export { isNodeProcess } from "./tasks/node-process.ts";
export {
  captureTasks,
  type ObservedProcess,
  type ReadTasks,
  readTasks,
  type TaskCapture,
  type TaskCaptureOptions,
} from "./tasks/capture-tasks.ts";
export { countOpenFiles } from "./tasks/count-open-files.ts";
export { decodeCensus, encodeCensus, type TakenCensus } from "./tasks/census-json.ts";
export { StandstillForecast } from "./tasks/standstill-forecast.ts";
export { DEFAULT_TASK_BUDGET, type TaskBudget } from "./tasks/task-budget.ts";
export type { InspectorSession } from "./tasks/inspector-session.ts";
export { PlaceMemory } from "./tasks/locate-tasks.ts";
export { type ColumnFrame, SourceMaps } from "./tasks/source-maps.ts";

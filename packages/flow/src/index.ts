export {
  type BlockedOperation,
  type ChannelIdentity,
  listBlockedOperations,
  type OperationKind,
} from "./blocked-operation.ts";
export {
  Channel,
  CHANNEL_CAPACITY_MAX,
  type ChannelOptions,
  type Received,
  type WaitOptions,
} from "./channel.ts";
export type { Clock } from "./clock.ts";
export { type Deadlock, describeDeadlock, watchForDeadlock } from "./deadlock.ts";
export { FLOW_ERRORS, FlowError, type FlowErrorCode } from "./errors.ts";
export {
  type ContextKey,
  createContextKey,
  createRequestContext,
  REQUEST_TIMEOUT_MS_DEFAULT,
  RequestContext,
  type RequestContextOptions,
  type RequestScope,
} from "./request-context.ts";
export { receiveFrom, select, type SelectCase, type SelectOptions, sendTo } from "./select.ts";
export { go, type Task } from "./task.ts";

/**
 * What is waiting on a channel right now. One registry a process, found under a well-known
 * symbol, so that a profiler in the same process can list it whichever copy of this package
 * an operation came from.
 */
import { currentTask, type Task } from "./task.ts";

/** A channel, as far as a report needs it. */
export interface ChannelIdentity {
  readonly name: string;
  /** `file:line:column` that created it; empty when the platform does not say. */
  readonly site: string;
  /** Tasks seen sending and receiving, newest last, at most {@link PEERS_MAX} each. */
  readonly senders: readonly Task[];
  readonly receivers: readonly Task[];
}

export type OperationKind = "send" | "receive";

/** One operation that waits for its other side. A select waits with one of these per case. */
export interface BlockedOperation {
  readonly kind: OperationKind;
  readonly channel: ChannelIdentity;
  readonly task: Task | undefined;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
}

/** How many peers a channel remembers a side. */
export const PEERS_MAX = 16;

const registryKey: unique symbol = Symbol.for("watertight.flow.blocked") as never;
const registry: Set<BlockedOperation> = ((globalThis as { [registryKey]?: Set<BlockedOperation> })[
  registryKey
] ??= new Set());

/** Notes that an operation waits; the result notes that it no longer does. */
export function enterBlocked(kind: OperationKind, channel: ChannelIdentity): () => void {
  const operation: BlockedOperation = { kind, channel, task: currentTask(), sinceMs: Date.now() };
  registry.add(operation);
  return () => void registry.delete(operation);
}

/** Every channel operation of the process that waits, oldest first. */
export function listBlockedOperations(): readonly BlockedOperation[] {
  return [...registry];
}

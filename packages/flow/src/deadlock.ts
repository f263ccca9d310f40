/**
 * A deadlock of the whole program: the event loop has nothing left to do, yet operations wait
 * on channels. Go says "all goroutines are asleep"; this also says who waits for whom.
 */
import { type BlockedOperation, listBlockedOperations } from "./blocked-operation.ts";
import type { Task } from "./task.ts";

export interface Deadlock {
  readonly blocked: readonly BlockedOperation[];
  /** Operations that wait for one another in a ring, or none when the cause is a missing peer. */
  readonly cycle: readonly BlockedOperation[];
  /** The report, a line an operation. */
  readonly text: string;
}

interface Host {
  readonly process?: {
    on(event: "beforeExit", listener: () => void): void;
    off(event: "beforeExit", listener: () => void): void;
  };
}

/** Calls `report` when the process is about to end with operations still waiting; the result stops that. */
export function watchForDeadlock(report: (deadlock: Deadlock) => void): () => void {
  const host = (globalThis as Host).process;
  const check = (): void => {
    const blocked = listBlockedOperations();
    if (blocked.length > 0) report(describeDeadlock(blocked));
  };
  host?.on("beforeExit", check);
  return () => host?.off("beforeExit", check);
}

/** Says who waits for whom among operations that nothing else can complete. */
export function describeDeadlock(blocked: readonly BlockedOperation[]): Deadlock {
  const cycle = findCycle(blocked);
  const headline =
    cycle.length > 0
      ? `Deadlock: ${cycle.length} operations wait for one another.`
      : `Deadlock: ${blocked.length} operations wait, and nothing is left that could complete them.`;
  const lines = (cycle.length > 0 ? cycle : blocked).map(describeOperation);
  return { blocked, cycle, text: [headline, ...lines].join("\n") };
}

function describeOperation({ kind, channel, task }: BlockedOperation): string {
  const who = task ? `${task.name} waits` : "A task waits";
  const where = channel.site ? `, created at ${channel.site}` : "";
  return `  ${who} to ${kind} on ${channel.name}${where}`;
}

/** The tasks that have been seen on the side that the operation waits for. */
function peersOf({ kind, channel, task }: BlockedOperation): readonly Task[] {
  const peers = kind === "send" ? channel.receivers : channel.senders;
  return peers.filter((peer) => peer !== task);
}

function findCycle(blocked: readonly BlockedOperation[]): readonly BlockedOperation[] {
  const byTask = new Map<Task, BlockedOperation>();
  for (const operation of blocked) if (operation.task) byTask.set(operation.task, operation);
  const settled = new Set<BlockedOperation>();
  const follow = (
    operation: BlockedOperation,
    path: readonly BlockedOperation[],
  ): readonly BlockedOperation[] => {
    const start = path.indexOf(operation);
    if (start >= 0) return path.slice(start);
    if (settled.has(operation)) return [];
    settled.add(operation);
    for (const peer of peersOf(operation)) {
      const next = byTask.get(peer);
      const cycle = next ? follow(next, [...path, operation]) : [];
      if (cycle.length > 0) return cycle;
    }
    return [];
  };
  for (const operation of byTask.values()) {
    const cycle = follow(operation, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/**
 * Who could be holding a lock? Go does not record it, so this gathers the candidates: goroutines that do not wait
 * for the lock themselves and either carry a pointer to its object, or are inside a function that the waiters
 * were in (past their Lock), or in another method of the same type.
 */
import { receiverOf } from "../stack/function-name.ts";
import type { DumpView, Member } from "./dump-view.ts";
import { isLockWait, type GroupView } from "./group-view.ts";
import type { LockQueue, LockWaiter } from "./lock-table.ts";

/** Groups of which some goroutine may hold one of the locks, each once, without the waiters themselves. */
export function holderCandidates(
  queues: readonly LockQueue[],
  dump: DumpView,
): readonly GroupView[] {
  const waiting = new Set<GroupView>();
  const siteFunctions = new Set<string>();
  const found = new Set<GroupView>();
  for (const waiter of queues.flatMap(({ waiters }) => waiters)) {
    waiting.add(waiter.view);
    const siteFunction = waiter.view.functions[waiter.view.siteIndex];
    if (siteFunction !== undefined) siteFunctions.add(siteFunction);
    for (const member of mentioning(waiter, dump)) found.add(member.view);
  }
  for (const name of siteFunctions) {
    for (const view of dump.groupsInside(name)) found.add(view);
    const receiver = receiverOf(name);
    if (receiver === undefined) continue;
    for (const view of dump.groupsOfType(receiver)) found.add(view);
  }
  return [...found].filter((view) => !waiting.has(view) && !isLockWait(view) && !view.isSystem);
}

/** How many goroutines could hold one of the locks. */
export function countHolders(queues: readonly LockQueue[], dump: DumpView): number {
  return holderCandidates(queues, dump).reduce((sum, { group }) => sum + group.count, 0);
}

/**
 * Waiters that got past the very line at which others wait for this lock: unless they released it on the way, they
 * hold it. Line and function say so where no frame carries a pointer, as with a mutex in a package variable.
 */
export function waitersPast(queue: LockQueue, dump: DumpView): readonly LockWaiter[] {
  const found = new Set<LockWaiter>();
  const asked = new Set<string>();
  for (const { view } of queue.waiters) {
    const name = view.functions[view.siteIndex];
    const line = view.site?.line;
    if (name === undefined || line === undefined || asked.has(`${name}:${line}`)) continue;
    asked.add(`${name}:${line}`);
    for (const other of dump.groupsInside(name)) {
      if (!isLockWait(other) || !isPast(other, name, line)) continue;
      for (const waiter of dump.locks.waitersOf(other)) found.add(waiter);
    }
  }
  return [...found];
}

function isPast(view: GroupView, name: string, line: number): boolean {
  return view.functions.some((each, index) => {
    const frame = view.group.frames[index];
    return each === name && frame !== undefined && frame.line > line;
  });
}

function mentioning(waiter: LockWaiter, dump: DumpView): readonly Member[] {
  const pointers = [waiter.object, waiter.address].filter((word) => word !== undefined);
  return pointers.flatMap((word) => dump.locks.mentioning(word));
}

/** The queues that a group's witnesses stand in, each once. */
export function queuesOf(view: GroupView, dump: DumpView): readonly LockQueue[] {
  const queues = new Map<string, LockQueue>();
  for (const waiter of dump.locks.waitersOf(view)) {
    const queue = dump.locks.queueOf(waiter);
    queues.set(queue.key, queue);
  }
  return [...queues.values()];
}

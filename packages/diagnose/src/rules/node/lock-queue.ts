/**
 * Who waits for one lock, and who may hold it. A capture does not say which object a lock is, only the way to it
 * and where its waiters were written.
 */
import type { Frame } from "@watertight/finding";
import { normaliseFunctionName } from "../../stack/function-name.ts";
import type { DumpView } from "../../view/dump-view.ts";
import type { GroupView } from "../../view/group-view.ts";

/** Says of a group whether it waits for a lock. */
export type LockTest = (view: GroupView) => boolean;

/** The waiters of one lock. */
export interface LockQueue {
  /** One group of each stack, most tasks first. */
  readonly waiters: readonly GroupView[];
  /** Lines that the lock is taken at. */
  readonly lines: number;
  /** Who may have it, suspended itself. */
  readonly holder: GroupView | undefined;
}

const known = new WeakMap<DumpView, ReadonlyMap<string, readonly GroupView[]>>();

/** The queue that a group stands in. */
export function readLockQueue(view: GroupView, dump: DumpView, waitsForLock: LockTest): LockQueue {
  const queues = known.get(dump) ?? findQueues(dump, waitsForLock);
  known.set(dump, queues);
  const waiters = queues.get(queueKey(view)) ?? [view];
  const lines = new Set(waiters.map((waiter) => lineOf(takingFrame(waiter))));
  return { waiters, lines: lines.size, holder: findHolder(view, waiters, dump, waitsForLock) };
}

function findQueues(
  dump: DumpView,
  waitsForLock: LockTest,
): ReadonlyMap<string, readonly GroupView[]> {
  const queues = new Map<string, GroupView[]>();
  for (const view of dump.groups) {
    const { state, waker = "" } = view.group;
    if (state !== "await" || view.siteIndex < 0 || waker === "" || !waitsForLock(view)) continue;
    const key = queueKey(view);
    const queue = queues.get(key);
    if (queue === undefined) queues.set(key, [view]);
    else queue.push(view);
  }
  return new Map([...queues].map(([key, queue]) => [key, onePerStack(queue)]));
}

/** Groups of one stack differ in their requests, of which there can be as many as tasks. */
function onePerStack(queue: readonly GroupView[]): readonly GroupView[] {
  const stacks = new Map<string, GroupView>();
  const sorted = queue.toSorted(
    (a, b) => b.group.count - a.group.count || (a.key < b.key ? -1 : 1),
  );
  for (const view of sorted) {
    const stack = view.group.frames.map(lineOf).join("\n");
    if (!stacks.has(stack)) stacks.set(stack, view);
  }
  return [...stacks.values()];
}

/** One way to the lock, whatever the place in its queue, and one file that takes it. */
function queueKey(view: GroupView): string {
  const way = (view.group.waker ?? "").replaceAll(/\[\d+\]/g, "[]");
  return `${way}\n${takingFrame(view)?.file ?? ""}`;
}

/** What a lock calls the function in which it is waited for. */
const OF_LOCK = /^(?:try)?(?:acquire|lock)/i;

/** The first frame of the service's own that is not inside of the lock. */
function takingFrame({ group, siteIndex }: GroupView): Frame | undefined {
  const own = group.frames.slice(Math.max(siteIndex, 0));
  return own.find((frame) => !OF_LOCK.test(frame.function.replace(/^.*[.#]/, ""))) ?? own[0];
}

function lineOf(frame: Frame | undefined): string {
  return frame === undefined ? "" : `${frame.file}:${frame.line}`;
}

/**
 * A task past a line that the waiters stand at, unless it gave the lock back on the way: one that waits for something
 * else than a lock, or one that waits for a further lock later in the same function.
 */
function findHolder(
  view: GroupView,
  waiters: readonly GroupView[],
  dump: DumpView,
  waitsForLock: LockTest,
): GroupView | undefined {
  for (const waiter of [view, ...waiters]) {
    const around = listAround(waiter, dump);
    const free = around.find(({ other }) => !waitsForLock(other));
    if (free !== undefined) return free.other;
    // Whoever queues further up in the text has nothing yet; of other waiters nothing but the text is known.
    const nested = waiter === view ? around.find(({ isLater }) => isLater) : undefined;
    if (nested !== undefined) return nested.other;
  }
  return undefined;
}

interface Around {
  readonly other: GroupView;
  /** Later in the text of the function that both are in. */
  readonly isLater: boolean;
}

/** Groups in the functions that a waiter is in, at other lines of them. */
function listAround(waiter: GroupView, dump: DumpView): readonly Around[] {
  const { frames } = waiter.group;
  const taking = frames.indexOf(takingFrame(waiter) as Frame);
  return frames.flatMap((caller, index) => {
    // Functions without a name are all called the same: only the one that takes the lock is worth a guess.
    const isNamed = !/^(?:\(anonymous\))?$/.test(caller.function);
    if (index < waiter.siteIndex || (!isNamed && index !== taking)) return [];
    return dump.groupsInside(normaliseFunctionName(caller.function)).flatMap((other) => {
      const line = other === waiter ? undefined : otherLineOf(caller, other);
      const isLater = isNamed && index >= taking && (line ?? 0) > caller.line;
      return line === undefined ? [] : [{ other, isLater }];
    });
  });
}

function otherLineOf(caller: Frame, { group }: GroupView): number | undefined {
  const { function: name, file, line } = caller;
  return group.frames.find(
    (frame) => frame.function === name && frame.file === file && frame.line !== line,
  )?.line;
}

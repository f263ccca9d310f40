/**
 * Tasks queue for a mutex, a semaphore or a pool, and whoever holds it does not give it back: it is suspended
 * itself, or has ended without a release.
 *
 * Looks alike: contention, and a pool under load. Their queues move from capture to capture.
 */
import type { Evidence } from "@watertight/finding";
import { describeFrame } from "../../evidence.ts";
import { isLock } from "../../node/name-words.ts";
import type { GroupView } from "../../view/group-view.ts";
import type { Rule } from "../rule.ts";
import { type LockQueue, readLockQueue } from "./lock-queue.ts";
import {
  atAwait,
  creatorOf,
  hasWord,
  taskEvidence,
  waitingWords,
  waitsInFlow,
} from "./task-words.ts";

const ACQUIRING: readonly string[] = ["acquire", "lock", "mutex", "semaphore", "permit"];

export const lockHeld: Rule = {
  cause: "lock-held",
  fix: {
    summary:
      "Release in finally, take locks in one order, and do not wait for the network while holding one.",
    example: `// before
await mutex.lock();
const token = await fetchToken(); // throws, or never answers: everybody waits
mutex.unlock();

// after
await mutex.lock();
try {
  return await fetchToken({ signal: AbortSignal.timeout(5000) });
} finally {
  mutex.unlock();
}`,
  },
  match(view, dump) {
    if (view.siteIndex < 0 || view.group.state !== "await" || !waitsForLock(view)) return undefined;
    const queue = readLockQueue(view, dump, waitsForLock);
    const what = waitsForPool(view) ? "a resource of a pool" : "a lock";
    const waiting = taskEvidence(
      view,
      `${view.group.count} tasks queue for ${what} ${atAwait(view)}.`,
    );
    // Who waits for one lock at several lines is one story: it is told where most of them wait.
    const told = queue.lines > 1 ? (queue.waiters[0] ?? view) : view;
    return {
      title:
        queue.holder !== undefined
          ? `Tasks queue for ${what} whose holder is suspended itself`
          : waitsForPool(view)
            ? "What was taken from a pool is never given back"
            : "A lock is never released",
      patience: "never-idle",
      site: told.site,
      creator: creatorOf(told),
      evidence: [waiting[0] as Evidence, describeHolder(queue), ...waiting.slice(1)],
    };
  },
};

/** True for tasks that wait in a lock. A channel that is used as one is told as a channel. */
function waitsForLock(view: GroupView): boolean {
  if (waitsInFlow(view)) return false;
  return isLock(view.group.waker) || waitsForPool(view) || hasWord(waitingWords(view), ACQUIRING);
}

/** Queues of pools: those of a class that is called one, and the entries of generic-pool, tarn and pg-pool. */
const POOL_QUEUE =
  /\b\w*Pool\w*\.[#_]*\w*(?:wait|pending|queue|request)|\b(?:ResourceRequest|PendingOperation|PendingItem)\b/i;

function waitsForPool({ group }: GroupView): boolean {
  return POOL_QUEUE.test(group.waker ?? "");
}

function describeHolder({ holder, lines }: LockQueue): Evidence {
  if (holder === undefined) {
    const where = lines > 1 ? `any of the ${lines} lines that tasks wait for it at` : "that line";
    return {
      text: `No suspended task is past ${where}: whoever took the lock has ended without releasing it, by an early return or a throw between acquire and release, or took it further up and waits here itself.`,
    };
  }
  const frame = holder.site ?? holder.group.frames[0];
  const place = frame === undefined ? "" : ` at ${describeFrame(frame)}`;
  return {
    text: `The task that may hold it ${waitsForLock(holder) ? "waits for a lock" : "is suspended"} itself${place}.`,
    frames: holder.group.frames,
    ids: [...holder.group.ids.subarray(0, 10)],
  };
}

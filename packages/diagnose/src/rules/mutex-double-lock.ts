/**
 * One goroutine locks a mutex that it already holds: a method that locks calls another method that locks.
 *
 * It shows as a waiter whose own frame and whose caller's frame carry the same object, while no goroutine
 * that could hold the lock is anywhere in the dump. Others that queue behind it are part of it.
 *
 * Looks alike: contention. Then somebody is inside the locked section.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import type { LockQueue, LockWaiter } from "../view/lock-table.ts";
import { countHolders, queuesOf, waitersPast } from "../view/lock-holder.ts";
import type { Rule } from "./rule.ts";
import { describeFrame, stackEvidence } from "../evidence.ts";

export const mutexDoubleLock: Rule = {
  cause: "mutex-double-lock",
  fix: {
    summary:
      "Lock in the exported methods only, and let them call unexported ones that expect the lock.",
    example: `// before
func (c *Cache) Sum() int { c.mu.Lock(); defer c.mu.Unlock(); return c.Get("a") } // Get locks too

// after
func (c *Cache) Get(k string) int { c.mu.Lock(); defer c.mu.Unlock(); return c.get(k) }
func (c *Cache) Sum() int         { c.mu.Lock(); defer c.mu.Unlock(); return c.get("a") }
func (c *Cache) get(k string) int { return c.items[k] }`,
  },
  match(view, dump) {
    if (view.wait !== "mutex" && view.wait !== "rwmutex write" && view.wait !== "rwmutex read")
      return undefined;
    if (view.siteIndex < 0) return undefined;
    const queues = queuesOf(view, dump);
    const locked = queues.filter(
      (queue) => findSelfLocked(queue, dump) !== undefined && !isReadBehindWriter(queue),
    );
    if (locked.length === 0 || locked.length < queues.length / 2) return undefined;
    if (countHolders(locked, dump) >= locked.length) return undefined;
    const culprit = findSelfLocked(locked[0] as LockQueue, dump) as LockWaiter;
    const caller = outerFrame(culprit.view, culprit, dump);
    return {
      title: "A goroutine locks a mutex that it already holds",
      patience: "never-ends",
      ...(culprit.view.site === undefined ? {} : { site: culprit.view.site }),
      evidence: [
        stackEvidence(
          culprit.view,
          `Goroutine ${culprit.witness.id} waits for the lock ${culprit.object === undefined ? "at" : "of object"} ${hex(culprit.object ?? culprit.address)}${caller === undefined ? "" : `, which its own caller ${describeFrame(caller)} works on as well`}.`,
        ),
        {
          text: "No other goroutine in the dump is in that object's code past its Lock, so nobody else can hold it.",
        },
      ],
    };
  },
};

function hex(word: number | undefined): string {
  return word === undefined ? "?" : `0x${word.toString(16)}`;
}

/** By the object that its frames carry; or it got past the line where others wait for the lock that it waits for. */
function findSelfLocked(queue: LockQueue, dump: DumpView): LockWaiter | undefined {
  const byObject = queue.waiters.find(isSelfLocked);
  if (byObject !== undefined) return byObject;
  return waitersPast(queue, dump).find((waiter) => dump.locks.queueOf(waiter).key === queue.key);
}

/** An outer frame of the service carries the very object whose lock it waits for. */
function isSelfLocked(waiter: LockWaiter): boolean {
  return waiter.object !== undefined && waiter.outerWords.has(waiter.object);
}

/** Readers behind a waiting writer are rwmutex-recursive. */
function isReadBehindWriter(queue: LockQueue): boolean {
  const modes = new Set(queue.waiters.map(({ mode }) => mode));
  return modes.has("rwmutex read") && modes.has("rwmutex write");
}

function outerFrame(view: GroupView, waiter: LockWaiter, dump: DumpView): GroupView["site"] {
  for (let index = view.siteIndex + 1; index < view.group.frames.length; index++) {
    const frame = view.group.frames[index];
    if (frame === undefined || !dump.isApp(frame)) return undefined;
    if (waiter.witness.words[index]?.includes(waiter.object ?? Number.NaN)) return frame;
  }
  return undefined;
}

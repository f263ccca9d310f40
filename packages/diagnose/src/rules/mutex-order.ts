/**
 * Goroutines lock the same mutexes in different orders (AB-BA): each waits for a lock while a frame of its caller
 * chain carries the object whose lock another one waits for, round in a circle.
 *
 * Looks alike: contention on two locks by goroutines that know both. Then somebody else holds one and works.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { LockQueue, LockWaiter } from "../view/lock-table.ts";
import { countHolders, waitersPast } from "../view/lock-holder.ts";
import { isLockWait, type GroupView } from "../view/group-view.ts";
import type { Rule } from "./rule.ts";
import { stackEvidence } from "../evidence.ts";

interface Circle {
  readonly waiters: readonly LockWaiter[];
  /** True when some step rests on lines of code, not on an object that both carry. */
  readonly isByLine: boolean;
}

/** Longest circle that is looked for. */
const CIRCLE_MAX = 6;

export const mutexOrder: Rule = {
  cause: "mutex-order",
  fix: {
    summary: "Take several locks in one fixed order everywhere, e.g. by id.",
    example: `// before
func transfer(a, b *Account) { a.mu.Lock(); b.mu.Lock() } // transfer(x, y) against transfer(y, x)

// after
func transfer(a, b *Account) {
	first, second := a, b
	if second.id < first.id {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
}`,
  },
  match(view, dump) {
    const waiters = dump.locks.waitersOf(view);
    if (waiters.length === 0 || view.siteIndex < 0) return undefined;
    for (const waiter of waiters.slice(0, 16)) {
      const circle = findCircle(waiter, dump);
      if (circle === undefined || isBusy(circle, view, dump)) continue;
      const { waiters: steps } = circle;
      return {
        title: "Goroutines wait for each other's locks",
        patience: "never-ends",
        certaintyMax: circle.isByLine ? "likely" : "proven",
        evidence: steps.map((member, index) =>
          stackEvidence(
            member.view,
            describeStep(member, steps[(index + 1) % steps.length] as LockWaiter),
          ),
        ),
      };
    }
    return undefined;
  },
};

function describeStep(waiter: LockWaiter, next: LockWaiter): string {
  const lockOf = ({ object, address }: LockWaiter): string =>
    `0x${(object ?? address ?? 0).toString(16)}`;
  return `Goroutine ${waiter.witness.id} waits for the lock of ${lockOf(waiter)}; goroutine ${next.witness.id} is past it and waits for the lock of ${lockOf(next)}.`;
}

/** Queues that one search may visit: in a dump with a million waiters it ends, with less to say. */
const QUEUES_VISITED_MAX = 256;

/** Follows "waits for a lock that … holds" back to the start, from queue to queue. */
function findCircle(start: LockWaiter, dump: DumpView): Circle | undefined {
  const home = dump.locks.queueOf(start);
  const path: LockWaiter[] = [start];
  const seen = new Set<LockQueue>([home]);
  let isByLine = false;
  const walk = (waiter: LockWaiter): boolean => {
    const queue = dump.locks.queueOf(waiter);
    const byObject = holdersByObject(waiter, dump);
    const byLine = byObject.length > 0 ? [] : waitersPast(queue, dump);
    for (const [next, holder] of oneOfEachQueue([...byObject, ...byLine], dump)) {
      if (next === queue) continue;
      const isHome = next === home && path.length > 1;
      if (!isHome && (path.length >= CIRCLE_MAX || seen.has(next))) continue;
      if (seen.size >= QUEUES_VISITED_MAX) return false;
      seen.add(next);
      if (!isHome) path.push(holder);
      if (isHome || walk(holder)) {
        isByLine ||= byLine.length > 0;
        return true;
      }
      path.pop();
    }
    return false;
  };
  return walk(start) ? { waiters: path, isByLine } : undefined;
}

function oneOfEachQueue(
  waiters: readonly LockWaiter[],
  dump: DumpView,
): ReadonlyMap<LockQueue, LockWaiter> {
  const first = new Map<LockQueue, LockWaiter>();
  for (const waiter of waiters) {
    const queue = dump.locks.queueOf(waiter);
    if (!first.has(queue)) first.set(queue, waiter);
  }
  return first;
}

/** Waiters for other locks that carry the object whose lock this one waits for. */
function holdersByObject(waiter: LockWaiter, dump: DumpView): readonly LockWaiter[] {
  if (waiter.object === undefined) return [];
  return dump.locks
    .mentioning(waiter.object)
    .flatMap((member) => dump.locks.waiterOf(member) ?? [])
    .filter(({ object }) => object !== undefined && object !== waiter.object);
}

/** Somebody who does not wait for a lock may hold one of these: then it is contention. */
function isBusy(circle: Circle, view: GroupView, dump: DumpView): boolean {
  const queues = circle.waiters.map((waiter) => dump.locks.queueOf(waiter));
  const touchesOne = circle.waiters.some(({ object, address }) =>
    [object, address]
      .flatMap((word) => (word === undefined ? [] : dump.locks.mentioning(word)))
      .some((member) => !isLockWait(member.view)),
  );
  const others = countHolders(queues, dump);
  return touchesOne || (circle.isByLine ? others > 0 : others >= view.group.count);
}

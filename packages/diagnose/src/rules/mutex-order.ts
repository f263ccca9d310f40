/**
 * Goroutines lock the same mutexes in different orders (AB-BA): each waits for a lock while a frame of its caller
 * chain carries the object whose lock another one waits for, round in a circle.
 *
 * Looks alike: contention on two locks by goroutines that know both. Then somebody else holds one and works.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { LockWaiter } from "../view/lock-table.ts";
import { holderCandidates } from "../view/lock-holder.ts";
import type { Rule } from "./rule.ts";
import { stackEvidence } from "../evidence.ts";

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
      if (circle === undefined || isBusy(circle, dump)) continue;
      return {
        title: "Goroutines wait for each other's locks",
        patience: "never-ends",
        certaintyMax: "proven",
        evidence: circle.map((member, index) =>
          stackEvidence(
            member.view,
            describeStep(member, circle[(index + 1) % circle.length] as LockWaiter),
          ),
        ),
      };
    }
    return undefined;
  },
};

function describeStep(waiter: LockWaiter, next: LockWaiter): string {
  const wanted = `0x${(waiter.address ?? waiter.object ?? 0).toString(16)}`;
  const held = `0x${(next.object ?? 0).toString(16)}`;
  return `Goroutine ${next.witness.id} waits for ${held}, which goroutine ${waiter.witness.id} works on while it waits for ${wanted}.`;
}

/** Follows "waits for an object that … works on" back to the start. */
function findCircle(start: LockWaiter, dump: DumpView): readonly LockWaiter[] | undefined {
  if (start.object === undefined) return undefined;
  const path: LockWaiter[] = [start];
  const seen = new Set<number>([start.object]);
  const walk = (waiter: LockWaiter): boolean => {
    // Who works on the object that this one waits for, and waits for another?
    for (const member of dump.locks.mentioning(waiter.object as number)) {
      const next = dump.locks.waiterOf(member);
      if (next === undefined || next.object === undefined || next.object === waiter.object)
        continue;
      if (next.witness.id === start.witness.id && path.length > 1) return true;
      if (path.length >= CIRCLE_MAX || seen.has(next.object)) continue;
      seen.add(next.object);
      path.push(next);
      if (walk(next)) return true;
      path.pop();
    }
    return false;
  };
  return walk(start) ? path : undefined;
}

/** Somebody outside of the circle, who does not wait for a lock, may hold one of the locks. */
function isBusy(circle: readonly LockWaiter[], dump: DumpView): boolean {
  return circle.some((waiter) => {
    const pointers = [waiter.object, waiter.address].filter((word) => word !== undefined);
    const others = pointers
      .flatMap((word) => dump.locks.mentioning(word))
      .filter(
        (member) => dump.locks.waiterOf(member) === undefined && member.view.serves === undefined,
      );
    const moving = holderCandidates([{ key: "", waiters: [waiter] }], dump).filter(
      ({ wait }) => wait === "moving",
    );
    return (
      others.some(({ view }) => view.wait === "moving" || view.wait === "IO wait") ||
      moving.length > 0
    );
  });
}

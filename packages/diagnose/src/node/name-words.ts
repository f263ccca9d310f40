/** The words that names are made of: what a program calls a lock is one. */

/** The words of identifiers: `BoundedQueue.#putters` is bounded, queue, putters. */
export function wordsOf(text: string): ReadonlySet<string> {
  const words = text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .match(/[a-z]+/g);
  return new Set(words ?? []);
}

/** What locks are called by those who hold their queues. */
const LOCKS: ReadonlySet<string> = new Set([
  "mutex",
  "mutexes",
  "semaphore",
  "lock",
  "locks",
  "permit",
  "permits",
]);

/** True when the name of whoever could wake a task is that of a lock. */
export function isLock(waker: string | undefined): boolean {
  return [...wordsOf(waker ?? "")].some((word) => LOCKS.has(word));
}

/**
 * Waiters in arrival order. A doubly linked list, because a waiter that gives up (its context
 * ended, its select took another case) must leave from the middle without a scan.
 */
export interface Waiter<T> {
  /** A sender's value; undefined for a receiver. */
  readonly value: T | undefined;
  /** Called once by the side that completes the operation. */
  readonly complete: (outcome: { readonly ok: boolean; readonly value: T | undefined }) => void;
}

interface Link<T> {
  readonly waiter: Waiter<T>;
  before: Link<T> | undefined;
  after: Link<T> | undefined;
  isQueued: boolean;
}

export class WaiterQueue<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Appends a waiter; the result takes it out again, and does nothing once it is out. */
  push(waiter: Waiter<T>): () => void {
    const link: Link<T> = { waiter, before: this.#last, after: undefined, isQueued: true };
    if (this.#last) this.#last.after = link;
    else this.#first = link;
    this.#last = link;
    this.#length++;
    return () => this.#remove(link);
  }

  /** Takes the waiter that has waited longest. */
  shift(): Waiter<T> | undefined {
    const link = this.#first;
    if (!link) return undefined;
    this.#remove(link);
    return link.waiter;
  }

  #remove(link: Link<T>): void {
    if (!link.isQueued) return;
    link.isQueued = false;
    if (link.before) link.before.after = link.after;
    else this.#first = link.after;
    if (link.after) link.after.before = link.before;
    else this.#last = link.before;
    this.#length--;
  }
}

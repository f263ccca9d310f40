/** Values in arrival order. Taking one is O(1) however many wait, which an array's `shift` is not. */
export class Fifo<T> {
  #values: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#values.length - this.#head;
  }

  push(value: T): void {
    this.#values.push(value);
  }

  /** Takes the oldest; the caller has made sure that there is one. */
  shift(): T {
    const value = this.#values[this.#head] as T;
    this.#values[this.#head++] = undefined;
    if (this.#head * 2 > this.#values.length) {
      this.#values = this.#values.slice(this.#head);
      this.#head = 0;
    }
    return value;
  }
}

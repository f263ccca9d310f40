/** A lock as most programs write it. */
export class Mutex {
  readonly #waiting: ((release: () => void) => void)[] = [];
  #isHeld = false;

  acquire(): Promise<() => void> {
    if (this.#isHeld) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#isHeld = true;
    return Promise.resolve(() => this.#release());
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isHeld = false;
    else next(() => this.#release());
  }
}

class Latch {
  #isOpen = false;
  readonly #waiting: (() => void)[] = [];

  open(): void {
    this.#isOpen = true;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async wait(): Promise<void> {
    if (this.#isOpen) return;
    await Promise.resolve();
    await new Promise<void>((resolve) => this.#waiting.push(resolve)); // leak: stuck here
  }
}

const latches = new Map<number, Latch>();

export async function request(n: number): Promise<void> {
  const latch = new Latch();
  latches.set(n, latch);
  const waiting = latch.wait();
  latch.open();
  await waiting; // leak: started here
  latches.delete(n);
}

interface Waiter {
  readonly sequence: number;
  readonly resolve: () => void;
}

class Replica {
  #waiters: Waiter[] = [];
  #written = 0;

  async write(): Promise<void> {
    const sequence = ++this.#written;
    setTimeout(() => this.acknowledge(this.#written), 5);
    await new Promise<void>((resolve) => this.#waiters.push({ sequence, resolve }));
  }

  acknowledge(sequence: number): void {
    const isDone = (waiter: Waiter): boolean => waiter.sequence <= sequence;
    for (const waiter of this.#waiters.filter(isDone)) waiter.resolve();
    this.#waiters = this.#waiters.filter((waiter) => !isDone(waiter));
  }
}

const replica = new Replica();

export async function request(): Promise<void> {
  await replica.write();
}

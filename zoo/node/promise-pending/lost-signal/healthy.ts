class Condition {
  readonly #waiters: (() => void)[] = [];

  async wait(): Promise<void> {
    await new Promise<void>((resolve) => void this.#waiters.push(resolve));
  }

  signal(): void {
    this.#waiters.shift()?.();
  }

  broadcast(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}

class Cell {
  readonly changed = new Condition();
  value: number | undefined;

  async take(): Promise<number> {
    while (this.value === undefined) await this.changed.wait();
    return this.value;
  }
}

const cells = new Map<number, Cell>();

export async function request(n: number): Promise<void> {
  const cell = new Cell();
  cells.set(n, cell);
  setImmediate(() => {
    cell.value = n;
    cell.changed.broadcast();
  });
  await Promise.all([cell.take(), cell.take()]);
  cells.delete(n);
}

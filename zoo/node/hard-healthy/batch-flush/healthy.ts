class Batcher {
  #rows: { row: number; saved: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  add(row: number): Promise<void> {
    return new Promise((saved) => {
      this.#rows.push({ row, saved });
      this.#timer ??= setTimeout(() => this.flush(), 5);
    });
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { saved } of this.#rows.splice(0)) saved();
  }
}

const batcher = new Batcher();

export async function request(n: number): Promise<void> {
  await batcher.add(n);
}

export const stop = (): void => batcher.flush();

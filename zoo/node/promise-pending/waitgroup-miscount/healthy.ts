class WaitGroup {
  #missing = 0;
  #wake: (() => void) | undefined;

  add(count: number): void {
    this.#missing += count;
  }

  done(): void {
    this.#missing -= 1;
    if (this.#missing === 0) this.#wake?.();
  }

  async wait(): Promise<void> {
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

const uploads = new Map<number, WaitGroup>();

export async function request(n: number): Promise<void> {
  const group = new WaitGroup();
  uploads.set(n, group);
  group.add(3);
  for (const part of ["head", "body", "tail"]) {
    setImmediate(() => {
      void part;
      group.done();
    });
  }
  await group.wait();
  uploads.delete(n);
}

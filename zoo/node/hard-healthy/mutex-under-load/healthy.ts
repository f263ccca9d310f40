class Mutex {
  #last: Promise<void> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}

const mutex = new Mutex();
let counter = 0;

export async function request(n: number): Promise<void> {
  await mutex.run(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    counter += n;
  });
  if (counter < 0) throw new RangeError("overflow");
}

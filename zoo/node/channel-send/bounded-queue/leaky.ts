class BoundedQueue<T> {
  readonly #items: T[] = [];
  readonly #putters: (() => void)[] = [];
  readonly #takers: ((item: T) => void)[] = [];

  async put(item: T): Promise<void> {
    const taker = this.#takers.shift();
    if (taker) return taker(item);
    while (this.#items.length >= 2) {
      await new Promise<void>((resolve) => this.#putters.push(resolve)); // leak: stuck here
    }
    this.#items.push(item);
  }

  async take(): Promise<T> {
    const item = this.#items.shift();
    this.#putters.shift()?.();
    return item ?? (await new Promise<T>((resolve) => this.#takers.push(resolve)));
  }
}

interface AuditRecord {
  readonly user: number | undefined;
}

const END: AuditRecord = { user: 0 };
const audit = new BoundedQueue<AuditRecord>();

async function consume(): Promise<void> {
  for (;;) {
    const record = await audit.take();
    if (record === END) return;
    if (record.user === undefined) throw new TypeError("a record without a user");
  }
}

export function start(): void {
  consume().catch(() => undefined);
}

export async function request(n: number): Promise<void> {
  await audit.put({ user: n === 1 ? undefined : n }); // leak: started here
}

export async function stop(): Promise<void> {
  await Promise.race([audit.put(END), new Promise((resolve) => setTimeout(resolve, 5))]);
}

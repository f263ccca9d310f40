class LruCache<V> {
  readonly #entries = new Map<number, V>();
  readonly entriesMax: number;

  constructor(options: { entriesMax: number }) {
    this.entriesMax = options.entriesMax;
  }

  remember(key: number, make: () => V): V {
    const value = this.#entries.get(key) ?? make();
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size > this.entriesMax && !oldest.done) this.#entries.delete(oldest.value);
    return value;
  }
}

const pages = new LruCache<string[]>({ entriesMax: 5 });

export async function request(n: number): Promise<void> {
  pages.remember(n, () => Array.from({ length: 500 }, (_, line) => `${n}:${line}`));
}

class Histogram {
  readonly #series = new Map<string, number[]>();

  observe(labels: Record<string, string | number>, ms: number): void {
    const key = JSON.stringify(labels);
    const buckets = this.#series.get(key) ?? new Array<number>(2000).fill(0.5);
    buckets[Math.min(ms, buckets.length - 1)]! += 1;
    this.#series.set(key, buckets); // leak: stuck here
  }
}

const latency = new Histogram();

export async function request(n: number): Promise<void> {
  const startedMs = performance.now();
  await Promise.resolve();
  const ms = Math.round(performance.now() - startedMs);
  latency.observe({ route: "/users/:id", user: n }, ms); // leak: started here
}

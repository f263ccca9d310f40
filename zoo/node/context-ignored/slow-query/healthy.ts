import { setTimeout as delay } from "node:timers/promises";

/** Stands for a driver whose query takes as long as it takes. */
const database = {
  async query(sql: string, options: { signal?: AbortSignal } = {}): Promise<readonly string[]> {
    await delay(600_000, undefined, options);
    return [sql];
  },
};

async function report(year: number, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const rows = await database.query(`select * from orders where year = ${year}`, { signal });
  return rows.length;
}

export async function request(n: number): Promise<void> {
  const page = new AbortController();
  const rows = report(2000 + n, page.signal).catch(() => 0);
  setTimeout(() => page.abort(), 10);
  await new Promise((resolve) => page.signal.addEventListener("abort", resolve));
  void rows;
}

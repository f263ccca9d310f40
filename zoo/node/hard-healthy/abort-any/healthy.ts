import { setTimeout as sleep } from "node:timers/promises";

const service = new AbortController();

export async function request(n: number): Promise<void> {
  const own = new AbortController();
  const signal = AbortSignal.any([service.signal, own.signal]);
  const work = sleep(n % 2 ? 1 : 1000, n, { signal });
  setTimeout(() => own.abort(), 4);
  await work.catch(() => undefined);
}

import { setInterval as every } from "node:timers/promises";

async function nextTick(): Promise<void> {
  const ticks = every(15);
  const iterator = ticks[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.return?.();
}

export async function request(): Promise<void> {
  await nextTick();
}

import { setInterval as every } from "node:timers/promises";

async function nextTick(): Promise<void> {
  const ticks = every(15); // leak: stuck here
  const iterator = ticks[Symbol.asyncIterator]();
  await iterator.next(); // leak: also stuck here
}

export async function request(): Promise<void> {
  await nextTick(); // leak: started here
}

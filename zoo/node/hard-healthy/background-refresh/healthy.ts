import { setTimeout as sleep } from "node:timers/promises";

let flags = new Map([["new-checkout", true]]);
const ending = new AbortController();
let flush: NodeJS.Timeout;

async function refreshFlags(): Promise<void> {
  while (!ending.signal.aborted) {
    await sleep(25, undefined, { signal: ending.signal });
    flags = new Map(flags);
  }
}

export function start(): void {
  refreshFlags().catch(() => undefined);
  flush = setInterval(() => flags.size, 1000);
}

export async function request(n: number): Promise<void> {
  if (flags.get("new-checkout") && n < 0) throw new RangeError("order");
}

export function stop(): void {
  clearInterval(flush);
  ending.abort();
}

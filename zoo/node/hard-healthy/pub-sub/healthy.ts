import { EventEmitter, on } from "node:events";

const bus = new EventEmitter();

async function nextMatching(wanted: number): Promise<number> {
  for await (const [value] of on(bus, "value") as AsyncIterable<[number]>) {
    if (value === wanted) return value;
  }
  return -1;
}

export async function request(n: number): Promise<void> {
  const found = nextMatching(n);
  bus.emit("value", n - 1);
  bus.emit("value", n);
  await found;
}

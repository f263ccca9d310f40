import { EventEmitter, once } from "node:events";

const shop = new EventEmitter().setMaxListeners(0);

async function awaitPayment(order: number, buyer: AbortSignal): Promise<void> {
  if (buyer.aborted) return;
  await once(shop, `paid:${order}`); // leak: stuck here
}

export async function request(n: number): Promise<void> {
  const buyer = new AbortController();
  const paid = awaitPayment(n, buyer.signal).catch(() => undefined); // leak: started here
  setImmediate(() => buyer.abort());
  const left = once(buyer.signal, "abort");
  await Promise.race([paid, left]);
}

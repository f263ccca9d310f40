import { EventEmitter } from "node:events";

const backend = new EventEmitter().setMaxListeners(0);

/** The listener is what wakes the wait: it stays because the wait does. */
async function reply(order: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const take = (to: number, stock: number): void => {
    if (to !== order) return;
    backend.off("reply", take);
    resolve(stock);
  };
  backend.on("reply", take);
  setImmediate(() => backend.emit("reply", -order, 7));
  return await promise; // leak: stuck here
}

export async function request(n: number): Promise<void> {
  await reply(n); // leak: started here
}

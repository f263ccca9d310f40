import { EventEmitter } from "node:events";

const priceFeed = new EventEmitter().setMaxListeners(0);
const replies = new Map<string, (stock: number) => void>();

function answer(order: string): void {
  replies.get(order)?.(7);
  replies.delete(order);
}

/** The warehouse answers under a number that nobody waits for. */
async function askWarehouse(order: number): Promise<number> {
  const stock = new Promise<number>((resolve) => replies.set(`order-${order}`, resolve));
  setTimeout(answer, 2, `order-${order}-retry`);
  return await stock; // leak: stuck here (warehouse)
}

function watchPrice(order: number): void {
  priceFeed.on("price", () => order); // leak: stuck here (price)
}

export async function request(n: number): Promise<void> {
  watchPrice(n); // leak: started here (price)
  await askWarehouse(n); // leak: started here (warehouse)
}

import { EventEmitter } from "node:events";

const priceFeed = new EventEmitter().setMaxListeners(0);
const replies = new Map<string, (stock: number) => void>();

function answer(order: string): void {
  replies.get(order)?.(7);
  replies.delete(order);
}

async function askWarehouse(order: number): Promise<number> {
  const stock = new Promise<number>((resolve) => replies.set(`order-${order}`, resolve));
  setTimeout(answer, 2, `order-${order}`);
  return await stock;
}

function watchPrice(order: number): () => void {
  const note = (): number => order;
  priceFeed.on("price", note);
  return () => priceFeed.off("price", note);
}

export async function request(n: number): Promise<void> {
  const stopWatching = watchPrice(n);
  try {
    await askWarehouse(n);
  } finally {
    stopWatching();
  }
}

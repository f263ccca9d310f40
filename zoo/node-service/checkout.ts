/**
 * A small checkout service in the style of many, with leaks of the usual kinds: `npm start` shows it.
 *
 *     npx watertight run -- node zoo/node-service/checkout.ts
 */
import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Replies of the warehouse, by order. */
const replies = new Map<string, (stock: number) => void>();
const priceFeed = new EventEmitter().setMaxListeners(0);

/** Every third order is asked about under a number that the warehouse does not know. */
async function askWarehouse(order: number): Promise<number> {
  const stock = new Promise<number>((resolve) => replies.set(`order-${order}`, resolve));
  setTimeout(() => answer(order % 3 === 0 ? `order-${order}-retry` : `order-${order}`), 5);
  return await stock; // leak: stuck here
}

function answer(order: string): void {
  replies.get(order)?.(7);
  replies.delete(order);
}

async function checkOut(order: number): Promise<string> {
  const stock = await askWarehouse(order);
  return `${stock} in stock`;
}

/** Watches the price until the order is paid, which nobody says. */
function watchPrice(order: number): void {
  priceFeed.on("price", () => order); // leak: a listener per request
}

async function remind(order: number): Promise<void> {
  for (let sent = 0; sent < 1_000_000; sent++) {
    await sleep(30_000); // leak: a loop per request
    if (sent === order) return;
  }
}

let served = 0;

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const order = ++served;
  if (request.url === "/metrics") {
    response.end(`# TYPE http_requests_total counter\nhttp_requests_total ${served}\n`);
    return;
  }
  watchPrice(order);
  if (order % 2 === 0) void remind(order);
  response.end(await checkOut(order));
}

const server = createServer((request, response) => void handle(request, response));
server.listen(0, "127.0.0.1", () => {
  console.log(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on("SIGTERM", () => process.exit());

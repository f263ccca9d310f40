import { Channel, receiveFrom, RequestContext, select } from "@watertight/flow";

async function watch(
  prices: Channel<number>,
  stocks: Channel<number>,
  context: RequestContext,
): Promise<void> {
  while (!context.isDone) {
    await select([receiveFrom(prices), receiveFrom(stocks)], { context });
  }
}

export async function request(n: number): Promise<void> {
  using context = RequestContext.start({ name: `watch ${n}` });
  const prices = new Channel<number>({ capacity: 1 });
  const watching = watch(prices, new Channel<number>(), context);
  watching.catch(() => undefined);
  await prices.send(n);
  await new Promise((resolve) => setImmediate(resolve));
}

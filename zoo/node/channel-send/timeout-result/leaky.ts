import { Channel, receiveFrom, select } from "@watertight/flow";

async function resize(image: number, done: Channel<string>): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  await done.send(`image-${image}.webp`); // leak: stuck here
}

export async function request(n: number): Promise<void> {
  const done = new Channel<string>({ capacity: 0 });
  void resize(n, done); // leak: started here
  await select([receiveFrom(done)], { timeoutMs: 5 }).catch(() => undefined);
}

import { Channel } from "@watertight/flow";

async function check(shard: number, results: Channel<boolean>): Promise<void> {
  let isHealthy = false;
  try {
    if (shard === 2) throw new Error("shard 2 is gone");
    isHealthy = true;
  } finally {
    await results.send(isHealthy);
  }
}

async function collect(results: Channel<boolean>): Promise<number> {
  let healthy = 0;
  for (let shard = 0; shard < 3; shard++) {
    const result = await results.receive();
    if (result.ok && result.value) healthy += 1;
  }
  return healthy;
}

export async function request(): Promise<void> {
  const results = new Channel<boolean>({ capacity: 3 });
  for (let shard = 0; shard < 3; shard++) check(shard, results).catch(() => undefined);
  await collect(results);
}

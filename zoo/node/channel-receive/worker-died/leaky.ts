import { Channel } from "@watertight/flow";

async function check(shard: number, results: Channel<boolean>): Promise<void> {
  let isHealthy = false;
  try {
    if (shard === 2) throw new Error("shard 2 is gone");
    isHealthy = true;
    await results.send(isHealthy);
  } catch {
    // nothing to send
  }
}

async function collect(results: Channel<boolean>): Promise<number> {
  let healthy = 0;
  for (let shard = 0; shard < 3; shard++) {
    const result = await results.receive(); // leak: stuck here
    if (result.ok && result.value) healthy += 1;
  }
  return healthy;
}

export async function request(): Promise<void> {
  const results = new Channel<boolean>({ capacity: 3 });
  for (let shard = 0; shard < 3; shard++) void check(shard, results);
  await collect(results); // leak: started here
}

import { Channel } from "@watertight/flow";

interface Job {
  readonly n: number;
  readonly done: (result: number) => void;
}

const jobs = new Channel<Job>({ capacity: 16, name: "jobs" });

async function worker(): Promise<void> {
  for await (const { n, done } of jobs) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    done(n * n);
  }
}

export function start(): void {
  for (let index = 0; index < 4; index++) void worker();
}

export async function request(n: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<number>();
  await jobs.send({ n, done: resolve });
  await promise;
}

export function stop(): void {
  jobs.close();
}

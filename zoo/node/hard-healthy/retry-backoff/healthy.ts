import { setTimeout as sleep } from "node:timers/promises";

async function retry<T>(work: (attempt: number) => Promise<T>, attemptsMax: number): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt === attemptsMax) throw error;
      await sleep(2 ** attempt);
    }
  }
}

export async function request(n: number): Promise<void> {
  await retry(async (attempt) => {
    if (attempt < 3) throw new Error(`attempt ${attempt} of ${n}`);
  }, 5);
}

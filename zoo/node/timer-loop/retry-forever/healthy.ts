import { setTimeout as pause } from "node:timers/promises";

async function publish(event: number): Promise<void> {
  await Promise.resolve();
  if (event > 0) throw new Error("the broker refuses");
}

async function publishWithRetry(event: number, attemptsMax: number): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      await publish(event);
      return;
    } catch {
      await pause(Math.min(2 ** attempt, 200));
    }
  }
}

export async function request(n: number): Promise<void> {
  void publishWithRetry(n, 4);
  await Promise.resolve();
}

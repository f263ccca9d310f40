import { setTimeout as sleep } from "node:timers/promises";

interface Export {
  readonly id: number;
  readonly isReady: boolean;
}

async function waitForExport(job: Export, _signal: AbortSignal): Promise<void> {
  while (!job.isReady) {
    await sleep(40); // leak: stuck here
  }
}

export async function request(n: number): Promise<void> {
  const signal = AbortSignal.timeout(20);
  const gone = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  const ready = waitForExport({ id: n, isReady: false }, signal).catch(() => undefined); // leak: started here
  await Promise.race([ready, gone]);
}

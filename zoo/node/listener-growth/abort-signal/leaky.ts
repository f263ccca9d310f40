import { setMaxListeners } from "node:events";

const service = new AbortController();
setMaxListeners(0, service.signal);

function cancellable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", cancel); // leak: stuck here
    work.then(resolve, reject).finally(() => {});
  });
}

export async function request(n: number): Promise<void> {
  const work = new Promise((resolve) => setTimeout(resolve, 2, n));
  await cancellable(work, service.signal); // leak: started here
}

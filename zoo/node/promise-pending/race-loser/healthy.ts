const shutdown = Promise.withResolvers<void>();

const waiting = new Set<() => void>();
void shutdown.promise.then(() => waiting.forEach((wake) => wake()));

async function untilShutdown(signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    waiting.add(resolve);
    signal.addEventListener("abort", () => (waiting.delete(resolve), resolve()));
  });
  throw new Error("shutting down");
}

async function work(n: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 2));
  return n * 2;
}

export async function request(n: number): Promise<void> {
  const over = new AbortController();
  const stopped = untilShutdown(over.signal);
  stopped.catch(() => undefined);
  await Promise.race([work(n), stopped]);
  over.abort();
}

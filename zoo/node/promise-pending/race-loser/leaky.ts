const shutdown = Promise.withResolvers<void>();

async function untilShutdown(_signal: AbortSignal): Promise<never> {
  await shutdown.promise; // leak: stuck here
  throw new Error("shutting down");
}

async function work(n: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 2));
  return n * 2;
}

export async function request(n: number): Promise<void> {
  const over = new AbortController();
  const stopped = untilShutdown(over.signal); // leak: started here
  stopped.catch(() => undefined);
  await Promise.race([work(n), stopped]);
  over.abort();
}

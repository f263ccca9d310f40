function createSemaphore(permits: number) {
  const queue: (() => void)[] = [];
  let free = permits;
  return {
    async acquire(): Promise<void> {
      if (free > 0) {
        free -= 1;
        return;
      }
      await new Promise<void>((resolve) => queue.push(resolve));
    },
    release(): void {
      const next = queue.shift();
      if (next) next();
      else free += 1;
    },
  };
}

const semaphore = createSemaphore(3);

async function thumbnail(image: number): Promise<void> {
  await semaphore.acquire();
  try {
    await Promise.resolve();
    if (image > 0) throw new Error("unsupported format");
  } finally {
    semaphore.release();
  }
}

export const request = (n: number): Promise<void> => thumbnail(n).catch(() => undefined);

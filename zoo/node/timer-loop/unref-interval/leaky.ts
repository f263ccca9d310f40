const online = new Map<number, number>();

function track(user: number): () => void {
  const timer = setInterval(() => online.set(user % 10, Date.now()), 40); // leak: stuck here
  timer.unref();
  return () => {
    online.delete(user % 10);
  };
}

export async function request(n: number): Promise<void> {
  const leave = track(n); // leak: started here
  await new Promise((resolve) => setImmediate(resolve));
  leave();
}

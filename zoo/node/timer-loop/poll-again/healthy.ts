const states = new Map<number, "running" | "done">();

function poll(job: number, onDone: () => void): void {
  const isDone = states.get(job) === "done";
  if (isDone) return onDone();
  setTimeout(() => poll(job, onDone), 30);
}

export function request(n: number): Promise<void> {
  states.set(n, "running");
  setImmediate(() => states.set(n, "done"));
  return new Promise((resolve) => {
    poll(n, () => {
      states.delete(n);
      resolve();
    });
  });
}

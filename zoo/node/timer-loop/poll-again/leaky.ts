const states = new Map<number, "running" | "done">();

function poll(job: number, onDone: () => void): void {
  const isDone = states.get(job) === "done";
  if (isDone) onDone();
  setTimeout(() => poll(job, onDone), 30); // leak: stuck here
}

export function request(n: number): Promise<void> {
  states.set(n, "running");
  setImmediate(() => states.set(n, "done"));
  return new Promise((resolve) => {
    poll(n, () => {
      // leak: started here
      states.delete(n);
      resolve();
    });
  });
}

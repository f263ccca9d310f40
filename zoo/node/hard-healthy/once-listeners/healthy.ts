import { EventEmitter } from "node:events";

class Job extends EventEmitter {
  run(n: number): void {
    setImmediate(() => this.emit(n % 3 === 0 ? "failed" : "done", n));
  }
}

const job = new Job();

export function request(n: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      job.off("done", finish).off("failed", finish);
      resolve();
    };
    job.once("done", finish).once("failed", finish);
    job.run(n);
  });
}

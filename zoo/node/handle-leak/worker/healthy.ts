import { once } from "node:events";
import { Worker } from "node:worker_threads";

const source = `
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", (text) => parentPort.postMessage(text.length));
`;

async function hash(text: string): Promise<number> {
  const worker = new Worker(source, { eval: true });
  worker.postMessage(text);
  const [length] = (await once(worker, "message")) as [number];
  await worker.terminate();
  return length;
}

export async function request(n: number): Promise<void> {
  await hash(`password ${n}`);
}

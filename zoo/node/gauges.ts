/**
 * What is alive in this process, counted without any part of the product: this is what the
 * ground truth is held against.
 */
import { readdirSync } from "node:fs";
import process from "node:process";
import { queryObjects } from "node:v8";

/**
 * `promises`, `functions`, `objects`: alive after a garbage collection. `heapBytes`,
 * `externalBytes`. `openFiles`: descriptors. `workers`. Besides, a count per type of
 * `process.getActiveResourcesInfo()`, e.g. `Timeout`, read before the collection.
 */
export type Gauges = Readonly<Record<string, number>>;

let workers = 0;
process.on("worker", (worker) => {
  workers += 1;
  worker.once("exit", () => (workers -= 1));
});

const FINALIZERS_MS = 30;

/**
 * Reads everything; collects garbage on the way, and again once finalizers had their turn.
 * Written with a callback, for the reason that `drive.ts` gives.
 */
export function readGauges(done: (gauges: Gauges) => void): void {
  const resources: Record<string, number> = {};
  for (const type of process.getActiveResourcesInfo()) {
    resources[type] = (resources[type] ?? 0) + 1;
  }
  countAlive(Promise);
  setTimeout(() => done({ ...resources, ...countCollected() }), FINALIZERS_MS);
}

function countCollected(): Gauges {
  const promises = countAlive(Promise);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return {
    promises,
    functions: countAlive(Function),
    objects: countAlive(Object),
    heapBytes: heapUsed,
    externalBytes: arrayBuffers,
    openFiles: readdirSync("/proc/self/fd").length,
    workers,
  };
}

// eslint-disable-next-line typescript/no-unsafe-function-type -- any constructor can be counted.
function countAlive(constructor: Function): number {
  return queryObjects(constructor, { format: "count" });
}

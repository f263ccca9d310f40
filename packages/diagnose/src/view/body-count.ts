/**
 * How many goroutines could be busy with a response, with rows or with a child process right now.
 * What is open beyond that number has been forgotten.
 */
import type { DumpView } from "./dump-view.ts";

const counts = new WeakMap<DumpView, number>();

/** Goroutines inside the service's own code, without those that idle in a pool or wait for a signal. */
export function countWorkers(dump: DumpView): number {
  const known = counts.get(dump);
  if (known !== undefined) return known;
  let count = 0;
  for (const view of dump.groups) {
    if (view.siteIndex < 0 || view.isSystem) continue;
    if (view.isMain && view.functions.includes("net/http.(*Server).Serve")) continue;
    count += view.group.count;
  }
  counts.set(dump, count);
  return count;
}

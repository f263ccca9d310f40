/**
 * How many goroutines could be busy with a response, with rows or with a child process right now.
 * What is open beyond that number has been forgotten.
 */
import type { DumpView } from "./dump-view.ts";
import type { GroupView } from "./group-view.ts";
import { standingOf } from "./standing.ts";

const counts = new WeakMap<DumpView, number>();

/** Goroutines inside the service's own code, without those that idle in a pool or wait for a signal. */
export function countWorkers(dump: DumpView): number {
  const known = counts.get(dump);
  if (known !== undefined) return known;
  let count = 0;
  for (const view of dump.groups) {
    if (view.siteIndex < 0 || view.isSystem) continue;
    if (view.isMain && view.functions.includes("net/http.(*Server).Serve")) continue;
    if (isStranded(view, dump)) continue;
    count += view.group.count;
  }
  counts.set(dump, count);
  return count;
}

/** A crowd of this many that was left behind at a channel is a leak of its own, and uses nothing. */
const STRANDED_MIN = 20;

const CHANNEL_WAITS: ReadonlySet<string> = new Set(["chan send", "chan receive", "select", "cond"]);

function isStranded(view: GroupView, dump: DumpView): boolean {
  if (view.group.count < STRANDED_MIN || view.serves !== undefined) return false;
  if (!CHANNEL_WAITS.has(view.wait) || view.siteIndex > 0) return false;
  return standingOf(view, dump).standing === "orphaned";
}

/**
 * Garbage that nobody has collected yet looks like a leak. Go's heap profile is of its last collection and has none;
 * V8's has all that is left, and a service with little on V8's heap and much in Buffers may go minutes between two.
 */
import type { LeakRuntime } from "@watertight/finding";
import { isCollected, type Profile } from "@watertight/profile";

/** Falls of what is in use that show collections between captures, and by how much it has to fall. */
const FALLS_MIN = 2;
const FALL_PART_MIN = 0.1;

/** Whose memory a heap profile is of: only Node's own files have that scheme. */
export function readHeapRuntime({ functions, strings }: Profile): LeakRuntime {
  const isNode = functions.file.some((file) => strings[file]?.startsWith("node:") === true);
  return isNode ? "node" : "go";
}

/** Whether what grows in these heap profiles, oldest first, may be garbage. */
export function mayBeGarbage(heaps: readonly Profile[], runtime: LeakRuntime): boolean {
  if (runtime !== "node" || heaps.every(isCollected)) return false;
  const totals = heaps.map(sumInUse);
  const falls = totals.filter((total, at) => total < (totals[at - 1] ?? 0) * (1 - FALL_PART_MIN));
  return falls.length < FALLS_MIN;
}

/** Says that it was not looked at. */
export const GARBAGE_NOTE =
  "Growth of memory is not told: heap profiles of Node hold garbage, and these were taken without collecting it first (heap?gc=1 of the agent does).";

function sumInUse({ sampleTypes, samples }: Profile): number {
  const column = samples.values[sampleTypes.findIndex(({ type }) => type === "inuse_space")];
  return (column ?? new BigInt64Array()).reduce((sum, value) => sum + Number(value), 0);
}

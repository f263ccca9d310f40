/** Whether a process was another one at the capture before: then what stayed and what came cannot be said. */
import type { SeriesCapture } from "./collect-series.ts";
import { countCommon, uniteIds } from "./sorted-ids.ts";

/** Ids and request counters only ever rise within one process: a fall is a restart. */
export function isRestart(before: SeriesCapture, after: SeriesCapture): boolean {
  const isOther = after.dump.runtime === "node" ? isOtherHeap : isOtherScheduler;
  return isOther(before, after) || servedLess(before, after);
}

function servedLess(before: SeriesCapture, after: SeriesCapture): boolean {
  return (
    before.requestsServed !== undefined &&
    after.requestsServed !== undefined &&
    after.requestsServed < before.requestsServed
  );
}

function isOtherScheduler({ ids: before }: SeriesCapture, { ids: after }: SeriesCapture): boolean {
  const [highestBefore, highestAfter] = [before.at(-1), after.at(-1)];
  if (highestBefore === undefined || highestAfter === undefined) return false;
  // The highest goroutine may have ended since; only a clear fall is a new process.
  return highestAfter < highestBefore / 2 && !sharesYoungIds(before, after);
}

/** Whether any id beyond a process's start-up is in both: then both are the same process. */
function sharesYoungIds(before: Float64Array, after: Float64Array): boolean {
  const startUpIds = 1000;
  const later = new Set(after.filter((id) => id > startUpIds).slice(0, 10_000));
  return before.some((id) => later.has(id));
}

/** With fewer objects, all of them may have ended. */
const OBJECTS_MIN = 10;

/**
 * Tasks alone do not tell: the lone task of a loop is a new one with each turn or an old one again, by what it waits
 * for. But a process keeps its servers, its collections and its timers, and whatever it makes later has higher ids:
 * if none of so many is left, and all that there is has lower ids, it is another process.
 */
function isOtherHeap(before: SeriesCapture, after: SeriesCapture): boolean {
  const [held, holds] = [listObjects(before), listObjects(after)];
  if (held.length < OBJECTS_MIN || holds.length < OBJECTS_MIN) return false;
  return (holds.at(-1) ?? 0) < (held.at(-1) ?? 0) && countCommon(held, holds) === 0;
}

/** Heap ids of everything in the census; none where the capture has no census. */
function listObjects({ dump }: SeriesCapture): Float64Array {
  return uniteIds(dump.census?.entries.map(({ ids }) => ids) ?? []);
}

/** The heap captures of a series in order of time, with the load beside them. */
import { readLoad } from "@watertight/flame";
import type { Profile } from "@watertight/profile";
import type { Observation } from "../observation.ts";
import { binomialAtLeast } from "../series/tail-probability.ts";

/** One heap capture of the series. */
interface HeapCapture {
  readonly atMs: number;
  readonly heap: Profile;
  readonly requestsServed: number | undefined;
}

/** Heap captures, oldest first. */
export interface HeapSeries {
  readonly captures: readonly HeapCapture[];
  /** Requests per second, when a counter was at hand. */
  readonly load: Float64Array | undefined;
  /** Whether the load rose, so that it may explain growth. Growth held against an even load only loses its significance. */
  readonly isLoadRising: boolean;
}

/** Keeps the observations that hold a heap profile with bytes in use. */
export function collectHeapSeries(observations: readonly Observation[]): HeapSeries {
  const captures: HeapCapture[] = [];
  for (const { atMs, heap, requestsServed } of observations.toSorted((a, b) => a.atMs - b.atMs)) {
    if (heap === undefined) continue;
    if (!heap.sampleTypes.some(({ type }) => type === "inuse_space")) continue;
    captures.push({ atMs, heap, requestsServed });
  }
  const served = captures.flatMap(({ requestsServed }) => requestsServed ?? []);
  const isCounted = served.length === captures.length && captures.length > 1;
  const times = captures.map(({ atMs }) => atMs);
  if (!isCounted) return { captures, load: undefined, isLoadRising: false };
  return { captures, load: readLoad(served, times), isLoadRising: isRising(served, times) };
}

const LOAD_RISE_MIN = 1.25;
const LOAD_P_MAX = 0.02;

/** Whether the last third of a series served clearly more requests than the first third did. */
function isRising(served: readonly number[], times: readonly number[]): boolean {
  const third = Math.max(1, Math.floor((served.length - 1) / 3));
  const end = served.length - 1;
  const between = (list: readonly number[], from: number, to: number): number =>
    (list[to] as number) - (list[from] as number);
  const [early, late] = [between(served, 0, third), between(served, end - third, end)];
  const [earlyMs, lateMs] = [between(times, 0, third), between(times, end - third, end)];
  if (early < 0 || late < 0) return true;
  if (late / lateMs < (early / earlyMs) * LOAD_RISE_MIN) return false;
  return binomialAtLeast(late, early + late, lateMs / (earlyMs + lateMs)) < LOAD_P_MAX;
}

/**
 * Who stayed, who joined and who left between captures. A goroutine id is never
 * reused, so this is bookkeeping, not estimation.
 */
import type { MemberTrack, SeriesCapture } from "./collect-series.ts";
import type { MemberTurnover } from "./series-view.ts";
import { countCommon, countCommonToThree, countMoved } from "./sorted-ids.ts";

/** The moves of one track's members. Interval `j` lies between captures `j` and `j + 1`. */
export interface MemberLedger {
  readonly turnover: MemberTurnover;
  /** Per interval: members of the later capture that were not in the earlier one. */
  readonly joined: readonly number[];
  /** Per interval: members of the earlier capture that are not in the later one. */
  readonly left: readonly number[];
  /** Per interval from the second on: members that joined in the interval before and outlived this one. */
  readonly settled: readonly number[];
  /** Members seen at two captures in a row, each counted once per capture that could have missed it next. */
  readonly agedExposure: number;
  /** Of those, how many were missing at the next capture. */
  readonly agedLeft: number;
}

/** Keeps the books of one track. Needs ids in every capture. */
export function keepLedger(track: MemberTrack, captures: readonly SeriesCapture[]): MemberLedger {
  const { ids } = track;
  const stayed: number[] = [];
  const joined: number[] = [];
  const left: number[] = [];
  const settled: number[] = [];
  let moved = 0;
  let agedExposure = 0;
  let agedLeft = 0;
  for (let j = 0; j + 1 < ids.length; j++) {
    const here = ids[j] as Float64Array;
    const next = ids[j + 1] as Float64Array;
    const common = countCommon(here, next);
    stayed.push(common);
    joined.push(next.length - common);
    left.push(here.length - common);
    if (here.length > common)
      moved += countMoved(here, next, (captures[j + 1] as SeriesCapture).ids);
    if (j === 0) continue;
    const aged = stayed[j - 1] as number;
    const kept = countCommonToThree(ids[j - 1] as Float64Array, here, next);
    agedExposure += aged;
    agedLeft += aged - kept;
    settled.push(common - kept);
  }
  return {
    turnover: summarise(track, sum(joined), sum(left), moved),
    joined,
    left,
    settled,
    agedExposure,
    agedLeft,
  };
}

function summarise(
  track: MemberTrack,
  joined: number,
  left: number,
  moved: number,
): MemberTurnover {
  const first = track.ids[0] ?? new Float64Array(0);
  const last = track.ids.at(-1) ?? new Float64Array(0);
  const exposure = sum(track.ids.slice(0, -1).map((ids) => ids.length));
  return {
    joined,
    left,
    moved,
    survivors: first.length === 0 ? 0 : countCommon(first, last) / first.length,
    rate: exposure === 0 ? 0 : left / exposure,
    oldestId: last[0] ?? Number.NaN,
  };
}

/** Sum of a list of numbers. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

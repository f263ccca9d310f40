/**
 * A pool that fills looks like a leak until it is full. What tells them apart is
 * that it fills ever more slowly, and goroutine ids remember that: they are dealt
 * out in order, so a member's id says when it was started, on a clock that
 * advances with the work that the process does. A leak's ids are spread evenly
 * up to now; a pool's crowd at the beginning.
 *
 * Test: Laplace's trend test for a Poisson process (Cox and Lewis, The Statistical
 * Analysis of Series of Events, 1966): the mean position of n events that come at an
 * even rate is one half, with standard deviation 1/√(12n).
 */
import { sum } from "./member-ledger.ts";
import { binomialAtMost } from "./tail-probability.ts";

export interface ArrivalHistory {
  /** Ids of the members at the last capture, ascending. */
  readonly ids: Float64Array;
  /** Highest id of the process at that capture: the clock's now. */
  readonly newestId: number;
  /** Arrivals of staying members per interval. */
  readonly arrivals: readonly number[];
  /** Work done per interval, in any unit: what the arrivals are held against. */
  readonly exposure: readonly number[];
}

/** Fewer ids, or a shorter clock, cannot show a trend. Ids are dealt to each CPU in batches of 16. */
const IDS_MIN = 12;
const CLOCK_TICKS_MIN = 200;
/** A group that is nearly everything that the process starts is its own clock: it says nothing. */
const OWN_SHARE_MAX = 0.7;

/** Whether the arrivals have become clearly rarer, over the process's life or within the series. */
export function isSlowingDown(history: ArrivalHistory): boolean {
  return slowsOverIds(history) || slowsWithinSeries(history);
}

function slowsOverIds({ ids, newestId }: ArrivalHistory): boolean {
  const oldest = ids[0] ?? 0;
  const ticks = newestId - oldest;
  if (ids.length < IDS_MIN || ticks < CLOCK_TICKS_MIN || ids.length > ticks * OWN_SHARE_MAX)
    return false;
  let total = 0;
  for (const id of ids) total += (id - oldest) / ticks;
  const mean = total / ids.length;
  return mean < 0.4 && (mean - 0.5) * Math.sqrt(12 * ids.length) < -3;
}

function slowsWithinSeries({ arrivals, exposure }: ArrivalHistory): boolean {
  if (arrivals.length < 2) return false;
  const lateFrom = arrivals.length - Math.ceil(arrivals.length / 3);
  const all = sum(arrivals);
  const late = sum(arrivals.slice(lateFrom));
  const share = sum(exposure.slice(lateFrom)) / sum(exposure);
  if (!(share > 0 && share < 1) || all === 0) return false;
  const lateRate = late / share;
  const earlyRate = (all - late) / (1 - share);
  return lateRate < earlyRate / 2 && binomialAtMost(late, all, share) < 0.02;
}

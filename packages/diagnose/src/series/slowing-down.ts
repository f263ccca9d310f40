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
 *
 * Heap ids of V8 are no such clock: objects get theirs when a snapshot is taken, all new ones at once. There the
 * captures are the clock, and the same test asks in which of the intervals the arrivals lie.
 */
import { sum } from "./member-ledger.ts";
import { binomialAtMost } from "./tail-probability.ts";

export interface ArrivalHistory {
  /** Ids of the members at the last capture, ascending. */
  readonly ids: Float64Array;
  /** Highest id of the process at that capture: the clock's now. Absent where ids are no clock. */
  readonly newestId?: number;
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
  const slows = history.newestId === undefined ? slowsOverCaptures : slowsOverIds;
  return slows(history) || slowsWithinSeries(history);
}

function slowsOverIds({ ids, newestId = Number.NaN }: ArrivalHistory): boolean {
  const oldest = ids[0] ?? 0;
  const ticks = newestId - oldest;
  if (ids.length < IDS_MIN || ticks < CLOCK_TICKS_MIN || ids.length > ticks * OWN_SHARE_MAX)
    return false;
  let total = 0;
  for (const id of ids) total += (id - oldest) / ticks;
  const mean = total / ids.length;
  return mean < 0.4 && (mean - 0.5) * Math.sqrt(12 * ids.length) < -3;
}

/** An even rate has its mean at one half; here the last of three intervals brings about half of what the first did. */
const MEAN_POSITION_MAX = 0.42;
const STRIDES_MIN = 2.33;

/** Laplace's trend test, with arrivals known by their interval only: each counts as if it came in the middle of it. */
function slowsOverCaptures({ arrivals, exposure }: ArrivalHistory): boolean {
  const all = sum(arrivals);
  const whole = sum(exposure);
  if (all === 0 || !(whole > 0)) return false;
  let passed = 0;
  let mean = 0;
  let square = 0;
  let expectedMean = 0;
  arrivals.forEach((count, interval) => {
    const share = (exposure[interval] ?? 0) / whole;
    const middle = passed + share / 2;
    mean += (count / all) * middle;
    expectedMean += share * middle;
    square += share * middle ** 2;
    passed += share;
  });
  const deviation = Math.sqrt((square - expectedMean ** 2) / all);
  return mean < MEAN_POSITION_MAX && mean - expectedMean < -STRIDES_MIN * deviation;
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

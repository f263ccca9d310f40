/**
 * A significant trend is not yet a leak: a warm-up, a deployment's step and one tooth of a
 * sawtooth all rise. A leak keeps rising, everywhere in the window, and does not come back.
 */
import { fitSlope } from "./serial-correlation.ts";
import { takeMedian, testTrend } from "./trend.ts";

/** Why a rising series is no leak, or that it may well be one. */
export type Sustained = "sustained" | "levels-off" | "comes-back" | "one-step";

/** Fewest captures for the tests that cut the series into blocks. */
const BLOCKS = 6;
const BLOCKED_MIN = 2 * BLOCKS;
/** Part of its range that a series may fall back by: noise does, releases fall further. */
const FALLBACK_MAX = 0.4;
const LATER_HALF_MIN = 0.6;
const LAST_THIRD_MIN = 0.3;

/** Running median over five captures, three in short series: spikes go, edges stay. */
function smooth(values: ArrayLike<number>): Float64Array {
  const reach = values.length >= 15 ? 2 : values.length >= 7 ? 1 : 0;
  const window = new Float64Array(2 * reach + 1);
  return Float64Array.from({ length: values.length }, (_, at) => {
    let used = 0;
    for (let near = at - reach; near <= at + reach; near++) {
      if (near >= 0 && near < values.length) window[used++] = values[near]!;
    }
    return takeMedian(window, used);
  });
}

/** Deepest fall from an earlier high, as a part of the range. */
function measureFallback(smoothed: Float64Array): number {
  let high = -Infinity;
  let low = Infinity;
  let deepest = 0;
  for (const value of smoothed) {
    high = Math.max(high, value);
    low = Math.min(low, value);
    deepest = Math.max(deepest, high - value);
  }
  return high > low ? deepest / (high - low) : 0;
}

/** Whether the medians of six consecutive blocks rise, two swaps of neighbours forgiven. */
function risesByBlocks(values: Float64Array): boolean {
  const medians = Float64Array.from({ length: BLOCKS }, (_, block) => {
    const from = Math.round((block * values.length) / BLOCKS);
    const to = Math.round(((block + 1) * values.length) / BLOCKS);
    return takeMedian(values.slice(from, to));
  });
  return testTrend(medians).pValue <= 0.03;
}

/** Looks at a series whose trend is already known to be significant. */
export function judgeSustained(values: Float64Array): Sustained {
  const count = values.length;
  const whole = fitSlope(values);
  if (whole <= 0) return "comes-back";
  if (measureFallback(smooth(values)) > FALLBACK_MAX) return "comes-back";
  if (count < 6) return "sustained";
  const half = values.subarray(count >> 1);
  const later = testTrend(half);
  if (later.score <= 0 || fitSlope(half) < LATER_HALF_MIN * whole) return "levels-off";
  if (count < BLOCKED_MIN) return "sustained";
  const third = values.subarray(count - Math.round(count / 3));
  if (later.pValue > 0.05 || fitSlope(third) < LAST_THIRD_MIN * whole) return "levels-off";
  return risesByBlocks(values) ? "sustained" : "one-step";
}

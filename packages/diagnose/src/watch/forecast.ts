/** When will the count reach a limit, if it goes on like this? */
import { measureSlope, testTrend } from "@watertight/flame";
import type { CountSample } from "./watch-state.ts";

export interface Forecast {
  readonly pValue: number;
  readonly perHour: number;
  /** When the limit is reached at this slope; infinite when the count does not rise. */
  readonly limitAtMs: number;
}

/** Fewer counts make no trend. */
const COUNTS_MIN = 8;
/** The pairwise slopes of more are not worth their time. */
const COUNTS_MAX = 60;

/** Forecasts from the latest counts; undefined while there are too few. */
export function forecast(history: readonly CountSample[], limit: number): Forecast | undefined {
  const recent = history.slice(-COUNTS_MAX);
  const last = recent.at(-1);
  if (recent.length < COUNTS_MIN || last === undefined) return undefined;
  const counts = Float64Array.from(recent, ({ count }) => count);
  const times = Float64Array.from(recent, ({ atMs }) => atMs);
  const perMs = measureSlope(counts, times);
  const left = Math.max(0, limit - last.count);
  return {
    pValue: testTrend(counts).pValue,
    perHour: perMs * 3_600_000,
    limitAtMs: perMs > 0 ? last.atMs + left / perMs : Number.POSITIVE_INFINITY,
  };
}

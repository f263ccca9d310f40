/**
 * How steep, and how sure? The median of all pairwise slopes, with the bounds that the
 * rank test itself gives. Source: P. K. Sen, Estimates of the Regression Coefficient
 * Based on Kendall's Tau, JASA 63 (1968).
 */

export interface SlopeBounds {
  /** Value per unit of time. */
  readonly slope: number;
  /** One-sided 95 % bounds each; infinite when the series is too short to bound it. */
  readonly lower: number;
  readonly upper: number;
}

/** 95 % quantile of the standard normal. */
const Z_95 = 1.645;

/** Bounds of the slope of `values` over `times`. Needs two or more distinct times. */
export function boundSlope(values: ArrayLike<number>, times: ArrayLike<number>): SlopeBounds {
  const slopes: number[] = [];
  const count = values.length;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const span = (times[j] as number) - (times[i] as number);
      if (span > 0) slopes.push(((values[j] as number) - (values[i] as number)) / span);
    }
  }
  if (slopes.length === 0) return { slope: 0, lower: -Infinity, upper: Infinity };
  slopes.sort((a, b) => a - b);
  const spread = Z_95 * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const below = Math.floor((slopes.length - spread) / 2);
  const above = Math.ceil((slopes.length + spread) / 2);
  const middle = slopes.length >> 1;
  const slope =
    slopes.length % 2 === 1
      ? (slopes[middle] as number)
      : ((slopes[middle - 1] as number) + (slopes[middle] as number)) / 2;
  return {
    slope,
    lower: below < 0 ? -Infinity : (slopes[below] as number),
    upper: above >= slopes.length ? Infinity : (slopes[above] as number),
  };
}

/**
 * Neighbouring captures are alike, which makes chance runs look like trends. How much wider
 * that makes the spread of a trend score: S. Yue and C. Wang, Water Resources Management 18
 * (2004), on the residuals of a straight line.
 */

/** Least-squares slope of values over 0, 1, 2, … */
export function fitSlope(values: ArrayLike<number>): number {
  const count = values.length;
  const middle = (count - 1) / 2;
  let product = 0;
  let square = 0;
  for (let at = 0; at < count; at++) {
    product += (at - middle) * values[at]!;
    square += (at - middle) ** 2;
  }
  return square === 0 ? 0 : product / square;
}

/**
 * Factor, at least 1, by which to multiply the variance of a trend score. Lags are counted
 * until the first whose correlation could be chance.
 */
export function inflateVariance(values: ArrayLike<number>): number {
  const count = values.length;
  const slope = fitSlope(values);
  const rest = new Float64Array(count);
  let mean = 0;
  for (let at = 0; at < count; at++) mean += (rest[at] = values[at]! - slope * at) / count;
  let power = 0;
  for (let at = 0; at < count; at++) power += (rest[at]! -= mean) ** 2;
  // On a straight line nothing is left but rounding, which is no noise to learn from.
  if (power <= (1e-12 * slope * slope * count ** 3) / 12) return 1;
  return inflateMeanVariance(rest, power);
}

/**
 * The same for the mean of `rest`, whose own mean is 0; `power` is the sum of its squares. For a score over
 * pairs it is taken as it is for a mean.
 */
export function inflateMeanVariance(rest: Float64Array, power: number): number {
  const count = rest.length;
  let factor = 1;
  for (let lag = 1; lag <= count / 4; lag++) {
    let product = 0;
    for (let at = lag; at < count; at++) product += rest[at]! * rest[at - lag]!;
    const correlation = product / power;
    if (correlation < 1.64 / Math.sqrt(count)) break;
    factor += 2 * (1 - lag / count) * correlation;
  }
  return factor;
}

/**
 * Is a series rising, and how fast? Mann–Kendall for the first, Theil–Sen for the second:
 * both look at the order of pairs, so neither a spike nor the shape of the noise sways them.
 * Sources: H. B. Mann, Econometrica 13 (1945); M. G. Kendall, Rank Correlation Methods
 * (1975), with his correction for ties; P. K. Sen, JASA 63 (1968).
 */

import { PairScore } from "./pair-score.ts";

/** What Mann–Kendall says of one series. */
export interface Trend {
  /** Pairs that rise less pairs that fall, earlier value first. */
  readonly score: number;
  /** Variance of the score when there is no trend. */
  readonly variance: number;
  /** Chance of a score at least this high without any trend. */
  readonly pValue: number;
}

/** Longest series whose p-value is counted out instead of approximated. */
export const EXACT_MAX = 10;

const ERFC_TERMS = Float64Array.of(
  0.17087277,
  -0.82215223,
  1.48851587,
  -1.13520398,
  0.27886807,
  -0.18628806,
  0.09678418,
  0.37409196,
  1.00002368,
  -1.26551223,
);

function sumOfTerms(t: number): number {
  let sum = 0;
  for (let term = 0; term < ERFC_TERMS.length; term++) sum = sum * t + ERFC_TERMS[term]!;
  return sum;
}

/** Upper tail of the standard normal distribution; error below 1.2e-7, relative. */
export function normalTail(z: number): number {
  // W. H. Press et al., Numerical Recipes (1992), erfc by Chebyshev fitting.
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const tail = (t * Math.exp(-x * x + sumOfTerms(t))) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** Multiplies a polynomial by 1 + q + … + q^(size − 1). */
function timesRun(polynomial: readonly number[], size: number): number[] {
  const product = Array.from({ length: polynomial.length + size - 1 }, () => 0);
  polynomial.forEach((coefficient, power) => {
    for (let step = 0; step < size; step++) product[power + step]! += coefficient;
  });
  return product;
}

/** Divides a polynomial by 1 + q + … + q^(size − 1), which must divide it. */
function overRun(polynomial: readonly number[], size: number): number[] {
  const quotient: number[] = [];
  for (let power = 0; power + size <= polynomial.length; power++) {
    let coefficient = polynomial[power]!;
    for (let back = Math.max(0, power - size + 1); back < power; back++) {
      coefficient -= quotient[back]!;
    }
    quotient.push(coefficient);
  }
  return quotient;
}

const tails = new Map<string, readonly number[]>();

/**
 * For every number of falling pairs, the chance of that many or fewer among all orders of
 * `count` values with the given tie groups. The orders are counted by the q-multinomial
 * coefficient, whose powers are inversions.
 */
function fallingTail(count: number, ties: readonly number[]): readonly number[] {
  const key = `${count}:${ties.join()}`;
  const known = tails.get(key);
  if (known) return known;
  let orders: number[] = [1];
  for (let size = 2; size <= count; size++) orders = timesRun(orders, size);
  for (const group of ties)
    for (let size = 2; size <= group; size++) orders = overRun(orders, size);
  const all = orders.reduce((sum, ways) => sum + ways, 0);
  let sum = 0;
  const tail = orders.map((ways) => (sum += ways) / all);
  tails.set(key, tail);
  return tail;
}

/** Sizes of the groups of equal values, larger than one, ascending. */
function tieGroups(values: ArrayLike<number>): number[] {
  const sizes = new Map<number, number>();
  for (let at = 0; at < values.length; at++) {
    sizes.set(values[at]!, (sizes.get(values[at]!) ?? 0) + 1);
  }
  return [...sizes.values()].filter((size) => size > 1).sort((a, b) => a - b);
}

/** Counts out the p-value of a short series. */
function exactPValue(score: number, values: ArrayLike<number>): number {
  const ties = tieGroups(values);
  const count = values.length;
  const untied = ties.reduce(
    (pairs, size) => pairs - (size * (size - 1)) / 2,
    (count * (count - 1)) / 2,
  );
  return fallingTail(count, ties)[(untied - score) / 2] ?? 1;
}

/** Approximates the p-value from a score and its variance, with continuity correction. */
export function approximatePValue(score: number, variance: number): number {
  if (variance <= 0) return 1;
  return normalTail((score - Math.sign(score)) / Math.sqrt(variance));
}

/** Turns a counted series into a p-value: exact up to ten values, normal above. */
export function readScore(pairs: PairScore, values: ArrayLike<number>): number {
  if (values.length < 3 || pairs.variance <= 0) return 1;
  if (values.length <= EXACT_MAX) return exactPValue(pairs.score, values);
  return approximatePValue(pairs.score, pairs.variance);
}

/**
 * One-sided Mann–Kendall test for a rise, corrected for ties; exact up to ten values, normal
 * above. Fewer than three values, or all the same, show nothing: p = 1.
 */
export function testTrend(values: ArrayLike<number>): Trend {
  const pairs = new PairScore(values.length);
  pairs.count(values);
  const { score, variance } = pairs;
  return { score, variance, pValue: readScore(pairs, values) };
}

/** The k-th smallest value of the first `count`; reorders them. Hoare's selection. */
function select(values: Float64Array, count: number, k: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const held = values[left]!;
      values[left++] = values[right]!;
      values[right--] = held;
    }
    if (k <= right) high = right;
    else if (k >= left) low = left;
    else return values[k]!;
  }
  return values[k]!;
}

/** Middle of the first `count` values, the mean of two when even; reorders them. */
export function takeMedian(values: Float64Array, count: number = values.length): number {
  if (count === 0) return 0;
  const upper = select(values, count, count >> 1);
  if (count % 2 === 1) return upper;
  let lower = -Infinity;
  for (let at = 0; at < count >> 1; at++) lower = Math.max(lower, values[at]!);
  return (lower + upper) / 2;
}

/** Room for the slopes of one series after another. */
let slopeRoom = new Float64Array(0);

/** Fewer values are selected from as they are. */
const BUCKETED_MIN = 256;
const BUCKETS = 256;
const bucketCounts = new Uint32Array(BUCKETS);

/**
 * The same as {@link takeMedian}, for many values: counted into buckets of equal width first, so that only
 * those near the middle are compared. Which bucket a value falls into takes no branch.
 */
function takeMedianOfMany(values: Float64Array): number {
  const count = values.length;
  if (count < BUCKETED_MIN) return takeMedian(values);
  let low = values[0]!;
  let high = low;
  for (let at = 1; at < count; at++) {
    if (values[at]! < low) low = values[at]!;
    if (values[at]! > high) high = values[at]!;
  }
  const scale = (BUCKETS - 1) / (high - low);
  if (!(scale > 0 && scale < Infinity)) return takeMedian(values);
  bucketCounts.fill(0);
  for (let at = 0; at < count; at++) bucketCounts[((values[at]! - low) * scale) | 0]!++;
  // For an even count the two in the middle may lie in different buckets.
  const first = (count - 1) >> 1;
  const last = count >> 1;
  const [from, before] = bucketOf(first);
  const [to] = bucketOf(last);
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const bucket = ((values[at]! - low) * scale) | 0;
    if (bucket >= from && bucket <= to) values[kept++] = values[at]!;
  }
  const middle = values.subarray(0, kept).sort();
  return (middle[first - before]! + middle[last - before]!) / 2;
}

/** The bucket that the k-th smallest value is in, and how many values are in those before it. */
function bucketOf(k: number): readonly [bucket: number, before: number] {
  let before = 0;
  for (let bucket = 0; ; bucket++) {
    const after = before + bucketCounts[bucket]!;
    if (k < after || bucket === BUCKETS - 1) return [bucket, before];
    before = after;
  }
}

/**
 * Theil–Sen: the median slope of all pairs, in value per unit of `times`, or per step when
 * none are given. Pairs at one time are left out; 0 when there is no pair.
 */
export function measureSlope(values: ArrayLike<number>, times?: ArrayLike<number>): number {
  const count = values.length;
  const pairs = (count * (count - 1)) / 2;
  if (slopeRoom.length < pairs) slopeRoom = new Float64Array(pairs);
  const slopes = slopeRoom;
  let used = 0;
  for (let early = 0; early < count; early++) {
    for (let late = early + 1; late < count; late++) {
      const span = times ? times[late]! - times[early]! : late - early;
      if (span > 0) slopes[used++] = (values[late]! - values[early]!) / span;
    }
  }
  return takeMedianOfMany(slopes.subarray(0, used));
}

/** Exact tail probabilities of counts. Everything that judges a series by numbers asks here. */

/** ln Γ(x) for x > 0, by Lanczos' approximation (g = 7, n = 9); relative error below 1e-13. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  let sum = LANCZOS[0] as number;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] as number) / (shifted + i);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS: readonly number[] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** P(X ≥ k) for X ~ Binomial(n, p). */
export function binomialAtLeast(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  if (k < n * p) return 1 - sumBinomial(0, k - 1, n, p);
  return sumBinomial(k, n, n, p);
}

/** P(X ≤ k) for X ~ Binomial(n, p). */
export function binomialAtMost(k: number, n: number, p: number): number {
  return binomialAtLeast(n - k, n, 1 - p);
}

/** Sums the probabilities from..to, starting at the end with the larger ones and ending when they no longer count. */
function sumBinomial(from: number, to: number, n: number, p: number): number {
  const isUpper = to === n;
  let k = isUpper ? from : to;
  let term = Math.exp(
    logGamma(n + 1) -
      logGamma(k + 1) -
      logGamma(n - k + 1) +
      k * Math.log(p) +
      (n - k) * Math.log1p(-p),
  );
  const odds = p / (1 - p);
  let sum = 0;
  while (k >= from && k <= to) {
    sum += term;
    if (term < sum * 1e-16) break;
    term *= isUpper ? (odds * (n - k)) / (k + 1) : k / (odds * (n - k + 1));
    k += isUpper ? 1 : -1;
  }
  return Math.min(1, sum);
}

/** P(X ≤ k) for X ~ Poisson(mean). */
export function poissonAtMost(k: number, mean: number): number {
  if (k < 0) return 0;
  if (mean <= 0) return 1;
  let term = Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
  if (k > mean) {
    // The lower tail is nearly everything: sum the upper one, whose terms fall.
    let upper = 0;
    for (let i = k + 1; ; i++) {
      term *= mean / i;
      upper += term;
      if (term <= upper * 1e-16 || term === 0) return Math.max(0, 1 - upper);
    }
  }
  let sum = 0;
  for (let i = k; i >= 0; i--) {
    sum += term;
    term *= i / mean;
    if (term < sum * 1e-16) break;
  }
  return Math.min(1, sum);
}

/**
 * Exact (Garwood) bounds on the mean of a Poisson count that was observed to be `count`,
 * each with `confidence` on its own side.
 * Source: F. Garwood, Fiducial Limits for the Poisson Distribution, Biometrika 28 (1936).
 */
export function poissonBounds(
  count: number,
  confidence: number = 0.95,
): { readonly lower: number; readonly upper: number } {
  const tail = 1 - confidence;
  const ceiling = count + 10 * Math.sqrt(count + 1) + 20;
  const upper = bisect(count, ceiling, (mean) => poissonAtMost(count, mean) - tail);
  const lower =
    count === 0 ? 0 : bisect(0, count, (mean) => tail - (1 - poissonAtMost(count - 1, mean)));
  return { lower, upper };
}

/** Root of a falling function between two ends. */
function bisect(low: number, high: number, f: (x: number) => number): number {
  let left = low;
  let right = high;
  for (let i = 0; i < 100 && right - left > 1e-9 * Math.max(1, right); i++) {
    const middle = (left + right) / 2;
    if (f(middle) > 0) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}

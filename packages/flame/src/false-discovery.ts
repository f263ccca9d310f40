/**
 * Benjamini–Hochberg: of thousands of tests, which may be believed? Source: Y. Benjamini and
 * Y. Hochberg, JRSS B 57 (1995); valid for the positive dependence of a tree's nodes by
 * Y. Benjamini and D. Yekutieli, Annals of Statistics 29 (2001).
 */

/** The largest p-value that may be believed, or -1 for none. */
export interface Discovery {
  readonly pValueMax: number;
  /** How many p-values are at or below it. */
  readonly count: number;
}

/**
 * Of the believed tests at most the fraction `alpha` is expected to be false. `tested` is the
 * number of tests when it is larger than the p-values passed (the rest being hopeless).
 */
export function controlFalseDiscovery(
  pValues: ArrayLike<number>,
  alpha: number,
  tested: number = pValues.length,
): Discovery {
  const sorted = Float64Array.from(pValues).sort();
  for (let rank = sorted.length; rank > 0; rank--) {
    const pValue = sorted[rank - 1]!;
    if (pValue <= (alpha * rank) / tested) return { pValueMax: pValue, count: rank };
  }
  return { pValueMax: -1, count: 0 };
}

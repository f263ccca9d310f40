/**
 * Paired measurements: what is compared takes turns with what it is compared with, so that a
 * machine that is busier now than it was before is so for both.
 */

/** One measured change in percent or in a unit of its own. */
export interface Estimate {
  readonly median: number;
  /** Half the width that holds the median in 95 of 100 cases. */
  readonly halfWidth: number;
}

/** The middle value. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[(sorted.length - 1) >> 1] as number;
  return (low + (sorted[sorted.length >> 1] as number)) / 2;
}

/** The median with its confidence interval from order statistics, which assume no distribution. */
export function estimate(values: readonly number[]): Estimate {
  const sorted = values.toSorted((a, b) => a - b);
  const reach = Math.ceil(0.98 * Math.sqrt(sorted.length));
  const middle = sorted.length >> 1;
  const low = sorted[Math.max(0, middle - reach)] as number;
  const high = sorted[Math.min(sorted.length - 1, middle + reach)] as number;
  return { median: medianOf(values), halfWidth: (high - low) / 2 };
}

/** `+1.2 ± 0.4`. */
export function formatEstimate({ median, halfWidth }: Estimate, digits = 1): string {
  const sign = median < 0 ? "−" : "+";
  return `${sign}${Math.abs(median).toFixed(digits)} ± ${halfWidth.toFixed(digits)}`;
}

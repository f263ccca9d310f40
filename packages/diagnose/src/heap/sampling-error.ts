/**
 * How far a heap profile may be off. One byte in so many is sampled, and an object with a sampled byte stands for
 * as many like it as were passed over: `1 / (1 − e^(−size / interval))`, the scaling of Go's `runtime/pprof` and
 * of V8. Objects far larger than the interval are all seen, and their sum is exact.
 */

/** What stands in a profile under one stack, or several. */
export interface SampledBytes {
  readonly bytes: number;
  readonly objects: number;
  /** Bytes between two samples, on average; 0 when unknown. */
  readonly intervalBytes: number;
}

/** Standard deviations that chance explains. */
export const DEVIATIONS_MAX = 3;

/** How many bytes one sampled object stands for. */
export function bytesPerSample({ bytes, objects, intervalBytes }: SampledBytes): number {
  if (objects <= 0) return intervalBytes;
  const size = bytes / objects;
  return intervalBytes <= 0 ? size : size / -Math.expm1(-size / intervalBytes);
}

/** Variance of the sum, in bytes squared: that of a Poisson number of samples. */
export function varianceOf(sampled: SampledBytes): number {
  const { bytes, objects } = sampled;
  const size = objects <= 0 ? 0 : bytes / objects;
  return Math.max(0, bytes * (bytesPerSample(sampled) - size));
}

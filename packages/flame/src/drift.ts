/**
 * Does a series climb step by step? Mann–Kendall allows for captures that are like their neighbours by what
 * is left beside a straight line, and in a dozen captures of a leak that is a walk of its own: its samples
 * stay where they are. The steps between captures tell the two apart. A walk without drift goes up as far
 * as it goes down, so the mean of its steps is chance (Student's t); one large step among small ones, and
 * steps that are like their neighbours, show no more than they should.
 */
import { inflateMeanVariance } from "./serial-correlation.ts";
import { normalTail } from "./trend.ts";

/** One-sided p-value of a rising mean step; 1 for fewer than four values. */
export function testDrift(values: ArrayLike<number>): number {
  const count = values.length - 1;
  if (count < 3) return 1;
  const mean = (values[count]! - values[0]!) / count;
  if (mean <= 0) return 1;
  const rest = Float64Array.from(
    { length: count },
    (_, at) => values[at + 1]! - values[at]! - mean,
  );
  const power = rest.reduce((sum, each) => sum + each * each, 0);
  if (power === 0) return 0;
  const deviation = Math.sqrt((power / (count - 1) / count) * inflateMeanVariance(rest, power));
  return studentTail(mean / deviation, count - 1);
}

/** Upper tail of Student's distribution, by D. L. Wallace, Annals of Mathematical Statistics 30 (1959). */
export function studentTail(t: number, freedom: number): number {
  const shrunk = (8 * freedom + 1) / (8 * freedom + 3);
  return normalTail(shrunk * Math.sqrt(freedom * Math.log1p((t * t) / freedom)));
}

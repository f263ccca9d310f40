/**
 * Growth that follows load and falls with it is no leak. Three questions have to be answered
 * alike before growth beyond load is believed: does the value still rise once its linear
 * answer to load is taken out, was it higher later although the load was not, and, where the
 * load rose too, did the value per unit of load rise? The last one because load is measured
 * with noise, which makes an answer to it look weaker than it is.
 */
import { normalTail, testTrend } from "./trend.ts";

/** Two loads are alike within this part of the load's range, or of its mean. */
const ALIKE_RANGE = 0.15;
const ALIKE_MEAN = 0.1;

/** A load series, prepared once for all nodes. */
export interface LoadControl {
  readonly load: Float64Array;
  /** Load less its mean and trend over time, and the square sum of that. */
  readonly detrended: Float64Array;
  readonly power: number;
  /** Pairs `early, late` of captures with the load alike, and not higher later. */
  readonly pairs: Uint16Array;
  /** Variance of the score over those pairs when order means nothing. */
  readonly variance: number;
  /** Whether the load itself seems to rise. */
  readonly isRising: boolean;
}

/**
 * Requests per second in front of every capture, from a counter that only rises; a restart
 * sets it to zero. The first capture has no past and is given the second's rate.
 */
export function readLoad(requestsServed: ArrayLike<number>, atMs: ArrayLike<number>): Float64Array {
  const load = new Float64Array(requestsServed.length);
  for (let at = 1; at < load.length; at++) {
    const more = requestsServed[at]! - requestsServed[at - 1]!;
    const seconds = Math.max((atMs[at]! - atMs[at - 1]!) / 1000, Number.EPSILON);
    load[at] = (more < 0 ? requestsServed[at]! : more) / seconds;
  }
  if (load.length > 1) load[0] = load[1]!;
  return load;
}

/** Straight line over time taken out of a series. */
function detrend(values: ArrayLike<number>): Float64Array {
  const count = values.length;
  const middle = (count - 1) / 2;
  let mean = 0;
  let product = 0;
  let square = 0;
  for (let at = 0; at < count; at++) {
    mean += values[at]! / count;
    product += (at - middle) * values[at]!;
    square += (at - middle) ** 2;
  }
  const slope = square === 0 ? 0 : product / square;
  return Float64Array.from(values, (value, at) => value - mean - slope * (at - middle));
}

/**
 * Pairs in which the load did not rise, nor fall by much: a fall takes with it what it owes
 * to load, which would hide a leak. And the variance of a score over them:
 * (pairs + Σ (starts − ends)²) / 3, which is Kendall's when all pairs count.
 */
function pairUp(load: Float64Array): { readonly pairs: Uint16Array; readonly variance: number } {
  const [low, high] = [Math.min(...load), Math.max(...load)];
  const mean = load.reduce((sum, each) => sum + each, 0) / load.length;
  const alike = Math.max(ALIKE_RANGE * (high - low), ALIKE_MEAN * mean);
  const pairs: number[] = [];
  const balance = new Float64Array(load.length);
  for (let early = 0; early < load.length; early++) {
    for (let late = early + 1; late < load.length; late++) {
      if (load[late]! > load[early]! || load[late]! < load[early]! - alike) continue;
      pairs.push(early, late);
      balance[early]!++;
      balance[late]!--;
    }
  }
  const squares = balance.reduce((sum, each) => sum + each * each, 0);
  return { pairs: Uint16Array.from(pairs), variance: (pairs.length / 2 + squares) / 3 };
}

/** Prepares a load series: the load at, or since, every capture; never a running total. */
export function controlLoad(series: ArrayLike<number>): LoadControl {
  const load = Float64Array.from(series);
  const detrended = detrend(load);
  const power = detrended.reduce((sum, each) => sum + each * each, 0);
  const isRising = testTrend(load).pValue < 0.2;
  return { load, detrended, power, isRising, ...pairUp(load) };
}

/**
 * The values with their linear answer to load taken out. The answer is measured on what the
 * load does besides drifting, so that a drift of both is not mistaken for it.
 */
export function adjustForLoad(values: ArrayLike<number>, control: LoadControl): Float64Array {
  const { load, detrended, power } = control;
  let product = 0;
  for (let at = 0; at < load.length; at++) product += detrended[at]! * values[at]!;
  const answer = power > 0 ? Math.max(0, product / power) : 0;
  const mean = load.reduce((sum, each) => sum + each, 0) / load.length;
  return load.map((each, at) => values[at]! - answer * (each - mean));
}

/** Value per unit of load; captures without load count as one with the least load there was. */
export function divideByLoad(values: ArrayLike<number>, control: LoadControl): Float64Array {
  const least = control.load.reduce(
    (least, each) => (each > 0 && each < least ? each : least),
    Infinity,
  );
  if (least === Infinity) return Float64Array.from(values);
  return control.load.map((each, at) => values[at]! / Math.max(each, least));
}

/** One-sided p-value of a rise over the pairs in which the load did not rise. */
export function testBesideLoad(values: ArrayLike<number>, control: LoadControl): number {
  const { pairs, variance } = control;
  let score = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    score += Math.sign(values[pairs[at + 1]!]! - values[pairs[at]!]!);
  }
  if (score <= 0 || variance === 0) return 1;
  return normalTail((score - 1) / Math.sqrt(variance));
}

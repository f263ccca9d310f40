/**
 * Slow rises with sudden falls: something collects and releases. Harmless while every trough
 * is as low as the last.
 */
import { fitSlope } from "./serial-correlation.ts";
import { judgeSustained } from "./sustained-growth.ts";
import { testTrend } from "./trend.ts";

export interface Sawtooth {
  /** Values at the bottom of every fall, in order. */
  readonly troughs: Float64Array;
  /** Captures they were in. */
  readonly at: readonly number[];
  /** One-sided p-value that the troughs rise; 1 unless they do to the end. */
  readonly pValue: number;
}

/** Fewest teeth: fewer are a few falls, and no trend of troughs could be told from chance. */
const TEETH_MIN = 3;
const TROUGHS_TESTED_MIN = 6;
/** Part of the range (without its trend) that a fall has to cross. */
const FALL_MIN = 0.4;
/** Part of the steps that rise in a sawtooth; noise rises half the time. */
const RISING_MIN = 0.6;

/** The bottoms of falls, and the part of the steps that rise. */
function findFalls(values: ArrayLike<number>): { readonly at: number[]; readonly rising: number } {
  const slope = fitSlope(values);
  const level = Float64Array.from(values, (value, at) => value - slope * at);
  const range = Math.max(...level) - Math.min(...level);
  const at: number[] = [];
  let rises = 0;
  for (let step = 1; step < level.length;) {
    if (level[step]! >= level[step - 1]!) {
      rises++;
      step++;
      continue;
    }
    const top = level[step - 1]!;
    while (step < level.length && level[step]! < level[step - 1]!) step++;
    if (top - level[step - 1]! >= FALL_MIN * range && range > 0) at.push(step - 1);
  }
  return { at, rising: rises / (level.length - 1) };
}

/** Reads a series as a sawtooth, or undefined when it is none. */
export function readSawtooth(values: ArrayLike<number>): Sawtooth | undefined {
  if (values.length < 4 * TEETH_MIN) return undefined;
  const { at, rising } = findFalls(values);
  if (at.length < TEETH_MIN || rising < RISING_MIN) return undefined;
  const troughs = Float64Array.from(at, (capture) => values[capture]!);
  const isLong = troughs.length >= TROUGHS_TESTED_MIN;
  const rises = isLong && judgeSustained(troughs) === "sustained";
  return { troughs, at, pValue: rises ? testTrend(troughs).pValue : 1 };
}

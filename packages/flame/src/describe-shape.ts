/** A shape in one sentence that a tired person understands. */
import { formatShare, formatValue } from "./format-value.ts";
import type { ShapeReading } from "./shape-reading.ts";

function describeSpan(hours: number): string {
  if (hours >= 48) return `${(hours / 24).toFixed(1)} days`;
  if (hours >= 1) return `${hours.toFixed(1)} hours`;
  const minutes = hours * 60;
  if (minutes < 1) return `${Math.round(minutes * 60)} seconds`;
  const whole = Math.round(minutes);
  return whole === 1 ? "a minute" : `${whole} minutes`;
}

function describeChance(pValue: number): string {
  return pValue < 0.0001 ? "p < 0.0001" : `p = ${pValue.toPrecision(2)}`;
}

/** `net/http.(*conn).serve grew from … to … in 2.0 hours, …` with every number behind it. */
export function describeShape(reading: ShapeReading): string {
  const { unit, captures, tower } = reading;
  const value = (amount: number): string => formatValue(amount, unit);
  const name = reading.path.at(-1) ?? "The whole profile";
  const span = `over ${captures} captures in ${describeSpan(reading.hours)}`;
  const ends = `from ${value(reading.from)} to ${value(reading.to)}`;
  const pace = `${value(Math.abs(reading.perHour))} per hour, ${describeChance(reading.pValue)}`;
  const share = `its share of ${reading.type} went from ${formatShare(reading.shareFrom, 1)} to ${formatShare(reading.shareTo, 1)}`;
  switch (reading.shape) {
    case "widening-base":
      return `Widening base: ${name} grew ${ends} ${span} (${pace}); ${share}. It allocates again and again and what it allocates stays.`;
    case "isolated-tower": {
      const column = reading.path[tower?.column ?? 0] ?? name;
      const owner = reading.chain.at(-1) ?? name;
      const stands =
        tower && Number.isFinite(tower.siblingRatio)
          ? `${tower.siblingRatio.toFixed(1)} times its largest sibling`
          : "without a sibling";
      return `Isolated tower: ${column} grew ${ends} ${span} (${pace}) and stands ${stands}; ${formatShare(tower?.concentration ?? 0, 1)} of it is one chain down to ${owner}. A cache or buffer there keeps its input.`;
    }
    case "rising-sawtooth":
      return `Rising sawtooth: each of ${reading.troughs ?? 0} troughs of ${name} is higher than the last, ${ends} ${span} (${pace}). Part of what is released every time stays.`;
    case "flat-sawtooth":
      return `Flat sawtooth, no leak: ${name} is released ${reading.troughs ?? 0} times ${span}, and its troughs do not rise (${ends}).`;
    case "warm-up-plateau":
      return `Warm-up, no leak: ${name} rose ${ends} ${span} and has levelled off.`;
    case "load-following":
      return `Follows the load, no leak: ${name} went ${ends} ${span}, as the load did.`;
  }
}

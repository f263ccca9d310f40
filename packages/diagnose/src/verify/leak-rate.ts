/**
 * Did it stop? A count of zero proves nothing until the old rate would have shown.
 * Leaked goroutines are counted events, so their rate has exact Poisson bounds: the fix
 * has converged when even the upper one lies clearly below the old rate, and until then
 * the answer is how much longer to watch.
 */
import { formatCount, formatDuration } from "@watertight/finding";
import { poissonBounds } from "../series/tail-probability.ts";

export type LeakStatus = "converged" | "still-growing" | "not-enough-data";

/** What a rate is counted over. */
export type RateUnit = "request" | "hour";

/** A leak's rate with one-sided 95 % bounds. */
export interface LeakRate {
  readonly per: RateUnit;
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
}

/** What was watched after the fix. */
export interface LeakWatch {
  /** Members that came and stayed. */
  readonly leaked: number;
  /** Requests or hours, as the old rate counts. */
  readonly exposure: number;
  readonly hours: number;
  /** Whether the series as a whole judges the members as growing. */
  readonly isGrowing: boolean;
}

/** How much longer to watch, at the load that was seen. */
export interface WatchNeeded {
  readonly requests?: number;
  readonly hours?: number;
}

export interface RateDecision {
  readonly status: LeakStatus;
  readonly after: LeakRate;
  /** What the old rate would have left behind in the time watched. */
  readonly expected: number;
  readonly needed?: WatchNeeded;
}

/** The old rate has to have been good for this many before their absence says anything. */
const EXPECTED_MIN = 10;
/** Converged means: with 95 % confidence the rate is below this share of the old one. */
export const CONVERGED_SHARE: number = 1 / 3;

/** Bounds of a rate from a count of events and what they were counted over. */
export function measureRate(leaked: number, exposure: number, per: RateUnit): LeakRate {
  if (exposure <= 0) return { per, rate: 0, lower: 0, upper: Number.POSITIVE_INFINITY };
  const { lower, upper } = poissonBounds(Math.max(0, Math.round(leaked)));
  return { per, rate: leaked / exposure, lower: lower / exposure, upper: upper / exposure };
}

/** Holds what was watched after a fix against the rate before it. */
export function decideRate(before: LeakRate, watch: LeakWatch): RateDecision {
  const after = measureRate(watch.leaked, watch.exposure, before.per);
  // Of a rate that was itself counted, only the lower bound is certain to have shown.
  const sure = before.lower > 0 ? before.lower : before.rate;
  const expected = sure * watch.exposure;
  if (watch.isGrowing) return { status: "still-growing", after, expected };
  if (expected >= EXPECTED_MIN && after.upper <= sure * CONVERGED_SHARE)
    return { status: "converged", after, expected };
  const needed = findNeeded(sure, watch, before.per);
  return { status: "not-enough-data", after, expected, ...(needed ? { needed } : {}) };
}

/** The least further watching after which the same leak rate would be called converged. */
function findNeeded(sure: number, watch: LeakWatch, per: RateUnit): WatchNeeded | undefined {
  const start = EXPECTED_MIN / sure;
  const observedRate = watch.exposure > 0 ? watch.leaked / watch.exposure : 0;
  if (observedRate >= sure * CONVERGED_SHARE) return undefined;
  for (let total = start; total < start * 1e4; total *= 1.1) {
    const { upper } = poissonBounds(Math.ceil(observedRate * total));
    if (upper > sure * CONVERGED_SHARE * total || total <= watch.exposure) continue;
    const further = total - watch.exposure;
    if (per === "hour") return { hours: further };
    const hours = watch.exposure > 0 ? (further * watch.hours) / watch.exposure : 0;
    return { requests: further, ...(hours > 0 ? { hours } : {}) };
  }
  return undefined;
}

/** `0.02 per request`, `120 per hour`. */
function formatRate(rate: number, per: RateUnit): string {
  const digits = rate > 0 && rate < 1 ? Number(rate.toPrecision(2)).toString() : formatCount(rate);
  return `${digits} per ${per}`;
}

/** One sentence with the numbers behind a decision. */
export function describeDecision(
  decision: RateDecision,
  before: LeakRate,
  watch: LeakWatch,
): string {
  const over =
    before.per === "request"
      ? `${formatCount(watch.exposure)} requests`
      : formatDuration(watch.exposure * 3_600_000);
  const seen = `${formatCount(watch.leaked)} came and stayed in ${over}`;
  const old = `${formatRate(before.rate, before.per)} before`;
  if (decision.status === "still-growing") {
    const { lower, upper, rate, per } = decision.after;
    return `Still growing: ${seen}, ${formatRate(rate, per)} (95 % bounds ${bare(lower)} and ${bare(upper)}), ${old}.`;
  }
  if (decision.status === "converged")
    return `Converged: ${seen}, where the old rate would have left about ${formatCount(Math.round(decision.expected))}; it is now below ${formatRate(decision.after.upper, before.per)} with 95 % confidence, ${old}.`;
  return `Not enough data: ${seen}, where the old rate would have left about ${formatCount(Math.round(decision.expected))}. ${describeNeeded(decision.needed)}`;
}

function bare(rate: number): string {
  return formatRate(rate, "hour").replace(" per hour", "");
}

function describeNeeded(needed: WatchNeeded | undefined): string {
  if (needed === undefined)
    return "At this rate it is neither gone nor certain: keep watching under load.";
  const parts = [
    needed.requests === undefined
      ? undefined
      : `${formatCount(Math.ceil(needed.requests))} more requests`,
    needed.hours === undefined
      ? undefined
      : `${formatDuration(needed.hours * 3_600_000)} more at this load`,
  ].filter((part) => part !== undefined);
  return `Watch for ${parts.join(", or ")}.`;
}

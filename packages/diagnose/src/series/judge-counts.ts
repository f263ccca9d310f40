/**
 * The verdict where only counts are known (`debug=1`, pprof, cut dumps). Nobody can
 * say who stayed, so it takes more captures, a rise that a population in balance
 * would not show, and load that did not rise with it.
 */
import type { Growth } from "@watertight/finding";
import { measureSlope, testTrend } from "@watertight/flame";
import type { ComparableSeries, MemberTrack } from "./collect-series.ts";
import { describeCounts, type Judgement } from "./judge-members.ts";
import type { LoadSeries } from "./series-view.ts";

/** Mann–Kendall cannot reach p < 0.01 with fewer. */
export const COUNTED_CAPTURES_MIN = 6;
const RISE_MIN = 5;

/** Trend of one track's counts. */
export function measureCountGrowth(track: MemberTrack, series: ComparableSeries): Growth {
  const times = Float64Array.from(series.captures, ({ atMs }) => atMs);
  const requests =
    (series.captures.at(-1)?.requestsServed ?? Number.NaN) -
    (series.captures[0]?.requestsServed ?? Number.NaN);
  const grown = (track.counts.at(-1) as number) - (track.counts[0] as number);
  return {
    perHour: measureSlope(track.counts, times) * 3_600_000,
    pValue: testTrend(track.counts).pValue,
    captures: track.counts.length,
    ...(requests > 0 ? { perRequest: grown / requests } : {}),
  };
}

/** Judges one track by its counts. `isSignificant` is the trend's, after false-discovery control. */
export function judgeCounts(
  track: MemberTrack,
  load: LoadSeries,
  isSignificant: boolean,
): Judgement {
  const { counts } = track;
  const first = counts[0] as number;
  const last = counts.at(-1) as number;
  const strides = (last - first) / Math.sqrt(Math.max(1, last + first));
  const say = (verdict: Judgement["verdict"], why: string): Judgement => ({
    verdict,
    reason: `${describeCounts(counts)}: ${why}. The captures carry no goroutine ids.`,
  });
  if (strides <= -3) return say("draining", "fewer and fewer");
  if (!isSignificant || strides < 3 || last - first < RISE_MIN)
    return say("steady", "no rise beyond what a population in balance shows");
  if (followsLevel(counts, load.handlers) || followsLevel(counts, load.openConnections))
    return say("load-following", "the count moves with the server's own load");
  if (isFlattening(counts)) return say("warming-up", "it rises ever more slowly");
  return say("growing", "it rises and the load does not explain it");
}

/** Whether the counts are, all along, about the same multiple of a load that rose too. */
function followsLevel(counts: Float64Array, load: readonly number[]): boolean {
  const first = load[0] ?? 0;
  const last = load.at(-1) ?? 0;
  if (first < 1 || last < first + 3) return false;
  const rise = (counts.at(-1) as number) / Math.max(1, counts[0] as number);
  const loadRise = last / first;
  return rise <= loadRise * 1.5;
}

/** Whether the second half of the series rose by less than half of what the first half did. */
function isFlattening(counts: Float64Array): boolean {
  const middle = counts[Math.floor((counts.length - 1) / 2)] as number;
  const early = middle - (counts[0] as number);
  const late = (counts.at(-1) as number) - middle;
  return late < early / 2;
}

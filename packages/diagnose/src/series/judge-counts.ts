/**
 * The verdict where only counts are known (`debug=1`, pprof, cut dumps). Nobody can
 * say who stayed, so it takes more captures, a rise that a population in balance
 * would not show, and load that did not rise with it.
 */
import type { Growth } from "@watertight/finding";
import { measureSlope, testTrend } from "@watertight/flame";
import type { ComparableSeries, MemberTrack } from "./collect-series.ts";
import { describeCounts, type Judgement } from "./judge-members.ts";
import { movesWithConnections } from "./find-attachment.ts";
import { sum } from "./member-ledger.ts";
import { isBackgroundRead, ownsConnection, waitsForPeer } from "./read-load.ts";
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
  series: ComparableSeries,
  load: LoadSeries,
  isSignificant: boolean,
): Judgement {
  const { counts } = track;
  const first = counts[0] as number;
  const last = counts.at(-1) as number;
  const strides = stridesBetween(first, last);
  const say = (verdict: Judgement["verdict"], why: string): Judgement => ({
    verdict,
    reason: `${describeCounts(counts)}: ${why}. The captures carry no goroutine ids.`,
  });
  if (strides <= -3) return say("draining", "fewer and fewer");
  if (!isSignificant || strides < 3 || last - first < RISE_MIN)
    return say("steady", "no rise beyond what a population in balance shows");
  if (isConnection(track)) return say("load-following", "each serves a connection that is open");
  const work = readRequestRates(series) ?? load.handlers;
  if (isExplained(counts, work) || movesWithConnections(track, load))
    return say("load-following", "the count moves with the load");
  if (isFlattening(counts)) return say("warming-up", "it rises ever more slowly");
  return say("growing", "it rises and the load does not explain it");
}

/** A difference in units of what chance makes of two equal Poisson counts. */
function stridesBetween(first: number, last: number): number {
  return (last - first) / Math.sqrt(Math.max(1, last + first));
}

function isConnection(track: MemberTrack): boolean {
  return isBackgroundRead(track) || (ownsConnection(track, NO_ACCEPTORS) && waitsForPeer(track));
}
const NO_ACCEPTORS: ReadonlySet<string> = new Set();

/** Requests served per interval, the second one's for the first capture; undefined without a counter. */
function readRequestRates({ captures }: ComparableSeries): readonly number[] | undefined {
  const served = captures.flatMap(({ requestsServed }) => requestsServed ?? []);
  if (served.length < captures.length) return undefined;
  const typicalMs = ((captures.at(-1)?.atMs ?? 0) - (captures[0]?.atMs ?? 0)) / served.length;
  const rates = served.slice(1).map((count, j) => {
    const spanMs = (captures[j + 1]?.atMs ?? 0) - (captures[j]?.atMs ?? 0);
    return ((count - (served[j] as number)) * typicalMs) / Math.max(1, spanMs);
  });
  return [rates[0] ?? 0, ...rates];
}

const LEVEL_RISE_MIN = 1.2;
const LEVEL_STRIDES_MIN = 2;
const PER_LEVEL_P_MAX = 0.02;
/** A count may outgrow the load by this factor and still be its echo. */
const OUTGROWTH_MAX = 1.6;

/** Whether the load rose too, by about as much, and the count per unit of it shows no trend. */
function isExplained(counts: Float64Array, level: readonly number[]): boolean {
  const { first, last } = measureEnds(level);
  if (last < first * LEVEL_RISE_MIN || stridesBetween(first, last) < LEVEL_STRIDES_MIN)
    return false;
  const ends = measureEnds(counts);
  if (ends.last / Math.max(1, ends.first) > (last / Math.max(1, first)) * OUTGROWTH_MAX)
    return false;
  const perLevel = counts.map((count, j) => count / Math.max(1, level[j] ?? 0));
  return testTrend(perLevel).pValue > PER_LEVEL_P_MAX;
}

/** Means of the first and of the last third. */
function measureEnds(levels: ArrayLike<number>): { readonly first: number; readonly last: number } {
  const all = Array.from(levels);
  const third = Math.max(1, Math.floor(all.length / 3));
  return { first: sum(all.slice(0, third)) / third, last: sum(all.slice(-third)) / third };
}

/** A leak's later half rises as fast as its earlier one, give or take. */
const LATER_SHARE_MIN = 0.75;

function isFlattening(counts: Float64Array): boolean {
  const end = counts.length - 1;
  const middle = end >> 1;
  const early = ((counts[middle] as number) - (counts[0] as number)) / middle;
  const late = ((counts[end] as number) - (counts[middle] as number)) / (end - middle);
  return late < early * LATER_SHARE_MIN;
}

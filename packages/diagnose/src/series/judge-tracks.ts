/** Judges tracks of members, by id where the captures name them and by count where they do not. */
import type { Growth } from "@watertight/finding";
import { controlFalseDiscovery } from "@watertight/flame";
import type { Observation } from "../observation.ts";
import { collectSeries, type ComparableSeries, type MemberTrack } from "./collect-series.ts";
import { findAttachment, readAttachments, type Attachments } from "./find-attachment.ts";
import { COUNTED_CAPTURES_MIN, judgeCounts, measureCountGrowth } from "./judge-counts.ts";
import { describeCounts, judgeMembers, measureGrowth, type MemberCase } from "./judge-members.ts";
import { keepLedger, sum } from "./member-ledger.ts";
import { findAcceptors, readLoad } from "./read-load.ts";
import { readWaits } from "./read-waits.ts";
import type { LoadSeries, MemberSeries } from "./series-view.ts";
import { weighArrivals } from "./weigh-arrivals.ts";

export interface AnalyseSeriesOptions {
  /** Expected share of false discoveries among the groups called growing; 0.01 unless told. */
  readonly falseDiscoveryRate?: number;
}

/** With ids, three captures make two intervals: the least in which growth can repeat itself. */
export const NAMED_CAPTURES_MIN = 3;

/** A series with everything that a judgement on one of its tracks looks at. */
export interface SeriesContext {
  readonly series: ComparableSeries;
  readonly load: LoadSeries;
  readonly attachments: Attachments;
  readonly falseDiscoveryRate: number;
}

/** Reads the load and who serves whom, once for all tracks. */
export function openContext(
  observations: readonly Observation[],
  options: AnalyseSeriesOptions,
): SeriesContext {
  const series = collectSeries(observations);
  const load = readLoad(series);
  const acceptors = new Set(series.captures.flatMap(({ dump }) => [...findAcceptors(dump)]));
  return {
    series,
    load,
    attachments: readAttachments(series.captures, load, acceptors),
    falseDiscoveryRate: options.falseDiscoveryRate ?? 0.01,
  };
}

/** Judges tracks together, because the more are tested the more stand out by chance. */
export function judgeTracks(
  tracks: readonly MemberTrack[],
  context: SeriesContext,
): ReadonlyMap<string, MemberSeries> {
  const { series } = context;
  const length = series.captures.length;
  let judged: readonly MemberSeries[];
  if (series.hasIds && length >= NAMED_CAPTURES_MIN) judged = judgeNamed(tracks, context);
  else if (!series.hasIds && length >= COUNTED_CAPTURES_MIN) judged = judgeCounted(tracks, context);
  else judged = tracks.map((track) => describeShort(track, series));
  return new Map(judged.map((member) => [member.key, member]));
}

function judgeNamed(tracks: readonly MemberTrack[], context: SeriesContext): MemberSeries[] {
  const { series } = context;
  const weighed = tracks.map((track) => {
    const ledger = keepLedger(track, series.captures);
    return { track, ledger, balance: weighArrivals(ledger) };
  });
  // A track in which nothing moved was not tested, so it does not count among the tests.
  const tested = weighed.filter(
    ({ balance }) => sum(balance.arrivals) + balance.departures > 0 && balance.staying !== "none",
  );
  const { pValueMax } = controlFalseDiscovery(
    tested.map(({ balance }) => balance.pValue),
    context.falseDiscoveryRate,
  );
  const significant = new Set(tested.filter(({ balance }) => balance.pValue <= pValueMax));
  return weighed.map((entry) =>
    judgeOne({
      ...entry,
      series,
      load: context.load,
      isSignificant: significant.has(entry),
      attachment: findAttachment(entry.track, context.attachments),
    }),
  );
}

function judgeOne(subject: MemberCase): MemberSeries {
  const { track, ledger, series, attachment } = subject;
  return {
    key: track.key,
    ...judgeMembers(subject),
    counts: Array.from(track.counts),
    turnover: ledger.turnover,
    ...(attachment === undefined ? {} : { attachment }),
    growth: measureGrowth(subject),
    waits: readWaits(track, series),
  };
}

function judgeCounted(tracks: readonly MemberTrack[], context: SeriesContext): MemberSeries[] {
  const growths = tracks.map((track) => measureCountGrowth(track, context.series));
  const { pValueMax } = controlFalseDiscovery(
    growths.map(({ pValue }) => pValue),
    context.falseDiscoveryRate,
  );
  return tracks.map((track, i) => {
    const growth = growths[i] as Growth;
    return {
      key: track.key,
      ...judgeCounts(track, context.series, context.load, growth.pValue <= pValueMax),
      counts: Array.from(track.counts),
      growth,
      waits: "unknown",
    };
  });
}

function describeShort(track: MemberTrack, series: ComparableSeries): MemberSeries {
  const shared = {
    key: track.key,
    verdict: "too-few-captures",
    counts: Array.from(track.counts),
    waits: "unknown",
  } as const;
  const needed = series.hasIds ? NAMED_CAPTURES_MIN : COUNTED_CAPTURES_MIN;
  const reason = `${describeCounts(track.counts)}: growth needs ${needed} captures.`;
  if (!series.hasIds || series.captures.length !== 2) return { ...shared, reason };
  const ledger = keepLedger(track, series.captures);
  const isLeaning = sum(ledger.left) === 0 && sum(ledger.joined) >= 10;
  return {
    ...shared,
    reason,
    turnover: ledger.turnover,
    ...(isLeaning ? { leaning: "growing" as const } : {}),
  };
}

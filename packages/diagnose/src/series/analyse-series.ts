/**
 * Judges every group of goroutines over a series of captures: which ones leak,
 * and which ones only look like it. What it goes by is described in `docs/series.md`.
 */
import { benjaminiHochberg } from "./trend.ts";
import type { Observation } from "../observation.ts";
import {
  collectSeries,
  creatorKey,
  trackCreators,
  trackGroups,
  type ComparableSeries,
  type MemberTrack,
} from "./collect-series.ts";
import { COUNTED_CAPTURES_MIN, judgeCounts, measureCountGrowth } from "./judge-counts.ts";
import { describeCounts, judgeMembers, measureGrowth, type MemberCase } from "./judge-members.ts";
import { findAttachment, readAttachments, type Attachments } from "./find-attachment.ts";
import { keepLedger, sum } from "./member-ledger.ts";
import { findAcceptors, readLoad } from "./read-load.ts";
import { readWaits } from "./read-waits.ts";
import type { LoadSeries, MemberSeries, SeriesView } from "./series-view.ts";
import { weighArrivals } from "./weigh-arrivals.ts";

export interface AnalyseSeriesOptions {
  /** Expected share of false discoveries among the groups called growing; 0.01 unless told. */
  readonly falseDiscoveryRate?: number;
}

/** With ids, three captures make two intervals: the least in which growth can repeat itself. */
const NAMED_CAPTURES_MIN = 3;

interface Context {
  readonly series: ComparableSeries;
  readonly load: LoadSeries;
  readonly attachments: Attachments;
  readonly falseDiscoveryRate: number;
}

/**
 * Judges a series. Observations may come in any order; those without goroutines are
 * left out. Never throws: a series that is too short says so in every verdict.
 */
export function analyseSeries(
  observations: readonly Observation[],
  options: AnalyseSeriesOptions = {},
): SeriesView {
  const series = collectSeries(observations);
  const load = readLoad(series);
  const acceptors = new Set(series.captures.flatMap(({ dump }) => [...findAcceptors(dump)]));
  const context: Context = {
    series,
    load,
    attachments: readAttachments(series.captures.at(-1), load, acceptors),
    falseDiscoveryRate: options.falseDiscoveryRate ?? 0.01,
  };
  const creators = judgeTracks(trackCreators(series), context);
  const tracks = trackGroups(series);
  const groups = inherit(judgeTracks(tracks, context), tracks, creators);
  const { captures } = series;
  return {
    captures: captures.length,
    spanMs: (captures.at(-1)?.atMs ?? 0) - (captures[0]?.atMs ?? 0),
    load: context.load,
    groups,
    creators,
    total: judgeTotal(context),
    notes: series.notes,
  };
}

function judgeTracks(
  tracks: readonly MemberTrack[],
  context: Context,
): ReadonlyMap<string, MemberSeries> {
  const { series } = context;
  const length = series.captures.length;
  let judged: readonly MemberSeries[];
  if (series.hasIds && length >= NAMED_CAPTURES_MIN) judged = judgeNamed(tracks, context);
  else if (!series.hasIds && length >= COUNTED_CAPTURES_MIN) judged = judgeCounted(tracks, context);
  else judged = tracks.map((track) => describeShort(track, series));
  return new Map(judged.map((member) => [member.key, member]));
}

function judgeNamed(tracks: readonly MemberTrack[], context: Context): MemberSeries[] {
  const { series } = context;
  const weighed = tracks.map((track) => {
    const ledger = keepLedger(track, series.captures);
    return { track, ledger, balance: weighArrivals(ledger) };
  });
  // A track in which nothing moved was not tested, so it does not count among the tests.
  const tested = weighed.filter(
    ({ balance }) => sum(balance.arrivals) + balance.departures > 0 && balance.staying !== "none",
  );
  const rejected = benjaminiHochberg(
    Float64Array.from(tested, ({ balance }) => balance.pValue),
    context.falseDiscoveryRate,
  );
  const significant = new Set(tested.filter((_, i) => rejected[i]));
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

function judgeCounted(tracks: readonly MemberTrack[], context: Context): MemberSeries[] {
  const growths = tracks.map((track) => measureCountGrowth(track, context.series));
  const rejected = benjaminiHochberg(
    Float64Array.from(growths, ({ pValue }) => pValue),
    context.falseDiscoveryRate,
  );
  return tracks.map((track, i) => ({
    key: track.key,
    ...judgeCounts(track, context.load, Boolean(rejected[i])),
    counts: Array.from(track.counts),
    growth: growths[i] as NonNullable<MemberSeries["growth"]>,
    waits: "unknown",
  }));
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

/**
 * Goroutines that wander between stacks leave one group for another. Where most of
 * those that left a group are still alive, the verdict on their `go` statement holds.
 */
function inherit(
  groups: ReadonlyMap<string, MemberSeries>,
  tracks: readonly MemberTrack[],
  creators: ReadonlyMap<string, MemberSeries>,
): ReadonlyMap<string, MemberSeries> {
  const inherited = new Map(groups);
  for (const { key, createdBy } of tracks) {
    const own = groups.get(key);
    const parent = createdBy === undefined ? undefined : creators.get(creatorKey(createdBy));
    if (own?.turnover === undefined || parent === undefined) continue;
    const { left, moved } = own.turnover;
    const wanders = left > 0 && moved >= left / 2;
    if (!wanders || own.verdict === "growing" || (own.counts.at(-1) ?? 0) === 0) continue;
    if (parent.verdict === own.verdict) continue;
    inherited.set(key, {
      ...own,
      verdict: parent.verdict,
      reason: `Its members move between stacks; of all that the same line started, ${parent.reason}`,
    });
  }
  return inherited;
}

function judgeTotal(context: Context): MemberSeries {
  const { series } = context;
  const track: MemberTrack = {
    key: "total",
    counts: Float64Array.from(series.captures, ({ dump }) => Math.max(dump.total, dump.covered)),
    ids: series.captures.map(({ ids }) => ids),
    state: "",
    frames: [],
    createdBy: undefined,
    lastCount: series.captures.at(-1)?.dump.total ?? 0,
    creatorIds: new Float64Array(0),
    creatorCount: 0,
    ageMinutesMax: new Float64Array(series.captures.length),
  };
  return judgeTracks([track], context).get("total") as MemberSeries;
}

/**
 * Judges every group of goroutines over a series of captures: which ones leak,
 * and which ones only look like it. What it goes by is described in `docs/series.md`.
 */
import type { Observation } from "../observation.ts";
import { creatorKey, trackCreators, trackGroups, type MemberTrack } from "./collect-series.ts";
import {
  judgeTracks,
  openContext,
  type AnalyseSeriesOptions,
  type SeriesContext,
} from "./judge-tracks.ts";
import type { MemberSeries, SeriesView } from "./series-view.ts";

/**
 * Judges a series. Observations may come in any order; those without goroutines are
 * left out. Never throws: a series that is too short says so in every verdict.
 */
export function analyseSeries(
  observations: readonly Observation[],
  options: AnalyseSeriesOptions = {},
): SeriesView {
  const context = openContext(observations, options);
  const { series } = context;
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
  const explained = sumOwnGrowth(groups, tracks);
  for (const { key, createdBy } of tracks) {
    if (createdBy === undefined) continue;
    const own = groups.get(key);
    const creator = creatorKey(createdBy);
    const parent = creators.get(creator);
    if (own?.turnover === undefined || parent === undefined) continue;
    const { left, moved } = own.turnover;
    const wanders = left > 0 && moved >= left / 2;
    if (!wanders || own.verdict === "growing" || (own.counts.at(-1) ?? 0) === 0) continue;
    if (parent.verdict === own.verdict) continue;
    // Where its members come to rest is told already: this stack is only on their way there.
    const isTold = (explained.get(creator) ?? 0) >= EXPLAINED_SHARE * riseOf(parent);
    if (parent.verdict === "growing" && isTold) continue;
    inherited.set(key, {
      ...own,
      verdict: parent.verdict,
      reason: `Its members move between stacks; of all that the same line started, ${parent.reason}`,
    });
  }
  return inherited;
}

/** Share of what a `go` statement left behind that has to be at growing stacks to be explained by them. */
const EXPLAINED_SHARE = 0.9;

/** How far the groups that grow by themselves rose, per `go` statement. */
function sumOwnGrowth(
  groups: ReadonlyMap<string, MemberSeries>,
  tracks: readonly MemberTrack[],
): ReadonlyMap<string, number> {
  const rises = new Map<string, number>();
  for (const { key, createdBy } of tracks) {
    const group = groups.get(key);
    if (createdBy === undefined || group?.verdict !== "growing") continue;
    const creator = creatorKey(createdBy);
    rises.set(creator, (rises.get(creator) ?? 0) + riseOf(group));
  }
  return rises;
}

function riseOf({ counts }: MemberSeries): number {
  return (counts.at(-1) ?? 0) - (counts[0] ?? 0);
}

function judgeTotal(context: SeriesContext): MemberSeries {
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
    lockWaiters: 0,
    ageMinutesMax: new Float64Array(series.captures.length),
  };
  return judgeTracks([track], context).get("total") as MemberSeries;
}

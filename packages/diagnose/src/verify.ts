/**
 * Step four: after a fix, is the leak gone? Every leak of the earlier report is
 * looked for again and held against its old rate; what is new is named too.
 */
import { formatCount, formatDuration, type Finding, type Report } from "@watertight/finding";
import type { Observation } from "./observation.ts";
import { analyseSeries } from "./series/analyse-series.ts";
import { trackMembers, type MemberTrack } from "./series/collect-series.ts";
import {
  judgeTracks,
  NAMED_CAPTURES_MIN,
  openContext,
  type SeriesContext,
} from "./series/judge-tracks.ts";
import { groupKey } from "./stack/group-key.ts";
import { keepLedger, sum } from "./series/member-ledger.ts";
import type { MemberSeries } from "./series/series-view.ts";
import { weighArrivals } from "./series/weigh-arrivals.ts";
import { verifyHeapLeak } from "./heap/verify-heap.ts";
import {
  decideRate,
  describeDecision,
  type LeakRate,
  type LeakStatus,
  type LeakWatch,
  type WatchNeeded,
} from "./verify/leak-rate.ts";
import { matchesLeak, readWatchedLeaks, type WatchedLeak } from "./verify/watched-leak.ts";

/** What became of one leak. */
export interface LeakVerification {
  /** The finding's fingerprint, or the group key when a series was compared with a series. */
  readonly id: string;
  readonly title: string;
  readonly status: LeakStatus;
  /** The old rate; absent when the earlier report had none. */
  readonly before?: LeakRate;
  readonly after?: LeakRate;
  /** Captures that were compared. */
  readonly captures: number;
  /** Hours watched. */
  readonly hours: number;
  /** Requests served while watching, when a counter was at hand. */
  readonly requests?: number;
  /** How many the old rate would have left behind in the time watched. */
  readonly expected?: number;
  /** How many came and stayed. */
  readonly observed: number;
  readonly needed?: WatchNeeded;
  /** One sentence with the numbers. */
  readonly text: string;
}

/** Every leak of the earlier report, judged again. */
export interface Verification {
  /** The worst of all: still growing, then not enough data, then converged. */
  readonly status: LeakStatus;
  readonly leaks: readonly LeakVerification[];
  /** Groups that grow now and were no leak before. */
  readonly newcomers: readonly MemberSeries[];
  readonly notes: readonly string[];
}

export interface VerifyOptions {
  /** Expected share of false discoveries among groups called growing; 0.01 unless told. */
  readonly falseDiscoveryRate?: number;
}

/**
 * Verifies a fix. `before` is the report (or its findings, or the captures) from before
 * it, `after` are captures from after it, of the same target under load, at least three.
 */
export function verify(
  before: Report | readonly Finding[] | readonly Observation[],
  after: readonly Observation[],
  options: VerifyOptions = {},
): Verification {
  const watched = readWatchedLeaks(before);
  const context = openContext(after, options);
  const leaks = watched.map((leak) =>
    leak.unit === "bytes" ? verifyHeapLeak(leak, after) : verifyLeak(leak, context),
  );
  const known = new Set<string>();
  for (const { dump } of context.series.captures)
    for (const group of dump.groups)
      if (watched.some((leak) => matchesLeak(group, leak))) known.add(groupKey(group));
  const view = analyseSeries(after, options);
  const newcomers = [...view.groups.values()].filter(
    ({ key, verdict }) => verdict === "growing" && !known.has(key),
  );
  const nothing = watched.length === 0 ? ["There was no leak before, so none to verify."] : [];
  const notes = [...nothing, ...view.notes];
  return { status: worstOf(leaks), leaks, newcomers, notes };
}

/** Judges one leak of goroutines again. */
function verifyLeak(leak: WatchedLeak, context: SeriesContext): LeakVerification {
  const { series } = context;
  const track =
    trackMembers(series, (group) => (matchesLeak(group, leak) ? leak.id : undefined))[0] ??
    emptyTrack(leak, series.captures.length);
  const watch = watchTrack(track, context);
  const before = pickRate(leak, watch);
  const shared = {
    id: leak.id,
    title: leak.title,
    captures: series.captures.length,
    hours: watch.hours,
    observed: watch.leaked,
    ...(watch.requests === undefined ? {} : { requests: watch.requests }),
  };
  if (series.captures.length < NAMED_CAPTURES_MIN) {
    const text = `Not enough data: ${series.captures.length} captures; growth needs ${NAMED_CAPTURES_MIN} or more.`;
    return { ...shared, status: "not-enough-data", text };
  }
  if (before === undefined) return withoutOldRate(shared, watch);
  const seen = {
    ...watch,
    exposure: before.per === "request" ? (watch.requests ?? 0) : watch.hours,
  };
  if (!watch.isGrowing && isIdle(context)) {
    const text =
      "Not enough data: the service did next to nothing while it was watched. Watch it under load.";
    return { ...shared, before, status: "not-enough-data", text };
  }
  const decision = decideRate(before, seen);
  return { ...shared, before, ...decision, text: describeDecision(decision, before, seen) };
}

type Shared = Omit<LeakVerification, "status" | "text">;

function withoutOldRate(shared: Shared, watch: TrackWatch): LeakVerification {
  const status = watch.isGrowing ? "still-growing" : "not-enough-data";
  const text = watch.isGrowing
    ? `Still growing: ${formatCount(watch.leaked)} came and stayed in ${formatDuration(watch.hours * 3_600_000)}.`
    : "Not enough data: the earlier report saw no growth that could be missing now. Watch for longer, or inspect the unfixed service for longer first.";
  return { ...shared, status, text };
}

type TrackWatch = Omit<LeakWatch, "exposure"> & { readonly requests?: number };

/** What came and stayed, and over how much time and how many requests that is known. */
function watchTrack(track: MemberTrack, context: SeriesContext): TrackWatch {
  const { captures, hasIds } = context.series;
  const judged = judgeTracks([track], context).get(track.key);
  const isGrowing = judged?.verdict === "growing";
  let leaked = Math.max(0, (track.counts.at(-1) ?? 0) - (track.counts[0] ?? 0));
  let last = captures.at(-1);
  if (hasIds && captures.length >= NAMED_CAPTURES_MIN) {
    const balance = weighArrivals(keepLedger(track, captures));
    // Who came in the last interval has not shown yet whether it stays.
    if (balance.staying === "aged") last = captures.at(-2);
    if (balance.staying !== "none")
      leaked = Math.max(0, sum(balance.arrivals) - balance.departures);
  }
  const first = captures[0];
  const hours = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 3_600_000;
  const from = first?.requestsServed;
  const to = last?.requestsServed;
  if (from === undefined || to === undefined) return { leaked, hours, isGrowing };
  // With none at all left over, every request that the process ever served counts.
  const isClean = captures.length > 0 && track.lastCount === 0;
  return { leaked, hours, isGrowing, requests: isClean ? to : to - from };
}

function pickRate(leak: WatchedLeak, watch: TrackWatch): LeakRate | undefined {
  return leak.perRequest !== undefined && watch.requests !== undefined
    ? leak.perRequest
    : leak.perHour;
}

/** A capture starts a handful of goroutines itself; a service under load starts more. */
const STARTED_PER_CAPTURE_MIN = 10;

/** Whether the process shows no sign of work, so that a leak had no occasion. */
function isIdle({ series, load }: SeriesContext): boolean {
  if (load.requests !== undefined) return load.requests === 0;
  if (!series.hasIds) return false;
  return load.goroutinesCreated < STARTED_PER_CAPTURE_MIN * (series.captures.length - 1);
}

function emptyTrack(leak: WatchedLeak, length: number): MemberTrack {
  return {
    key: leak.id,
    counts: new Float64Array(length),
    ids: Array.from({ length }, () => new Float64Array(0)),
    state: leak.state ?? "",
    frames: [],
    createdBy: leak.creator,
    lastCount: 0,
    creatorIds: new Float64Array(0),
    creatorCount: 0,
    lockWaiters: 0,
    ageMinutesMax: new Float64Array(length),
  };
}

function worstOf(leaks: readonly LeakVerification[]): LeakStatus {
  const all = new Set(leaks.map(({ status }) => status));
  if (all.has("still-growing")) return "still-growing";
  return all.has("not-enough-data") ? "not-enough-data" : "converged";
}

/** Turns observations into one comparable series: same process, same format, in order of time. */
import type { DumpFormat, Frame, GoroutineDump } from "@watertight/profile";
import { isLock } from "../node/name-words.ts";
import type { Observation } from "../observation.ts";
import { groupKey } from "../stack/group-key.ts";
import { normaliseFunctionName } from "../stack/function-name.ts";
import { isRestart } from "./is-restart.ts";
import { uniteIds } from "./sorted-ids.ts";

/** One capture of the series. */
export interface SeriesCapture {
  readonly atMs: number;
  readonly dump: GoroutineDump;
  /** Every id alive then, ascending; empty when the format has none. */
  readonly ids: Float64Array;
  /** What counts are multiplied with, because the capture was cut; 1 for a whole one. */
  readonly scale: number;
  readonly requestsServed: number | undefined;
}

/** Captures that may be compared with each other, oldest first. */
export interface ComparableSeries {
  readonly captures: readonly SeriesCapture[];
  /** True when every capture names its goroutines, if it has any, and none was cut: then ids may be compared. */
  readonly hasIds: boolean;
  readonly notes: readonly string[];
}

/** One key followed over the series: its members per capture. */
export interface MemberTrack {
  readonly key: string;
  /** Per capture; 0 where the key is absent. Scaled where a capture was cut. */
  readonly counts: Float64Array;
  /** Per capture, ascending; empty where absent or unknown. */
  readonly ids: readonly Float64Array[];
  /** Wait reason of its members; empty when they have several. */
  readonly state: string;
  /** Stack of its largest group; empty for a creator's track. */
  readonly frames: readonly Frame[];
  readonly createdBy: Frame | undefined;
  /** Members at the last capture. */
  readonly lastCount: number;
  /** Goroutines that started those, ascending, as many as the dump names; and how many it counted. */
  readonly creatorIds: Float64Array;
  readonly creatorCount: number;
  /** Members at the last capture that only a lock could wake, as far as the captures say who wakes whom (Node). */
  readonly lockWaiters: number;
  /** Highest age in a header per capture, minutes; 0 when none is stamped. */
  readonly ageMinutesMax: Float64Array;
}

/** Key of everything that one `go` statement started: `function:line`. */
export function creatorKey(createdBy: Frame): string {
  return `${normaliseFunctionName(createdBy.function)}:${createdBy.line}`;
}

/** Keeps what can be compared: the format with the most to say, and the latest process. */
export function collectSeries(observations: readonly Observation[]): ComparableSeries {
  const notes: string[] = [];
  const all = observations
    .filter((observation) => observation.goroutines !== undefined)
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(toCapture);
  const sameFormat = keepOneFormat(all, notes);
  const captures = keepLatestProcess(sameFormat, notes);
  const cut = captures.filter(({ dump }) => dump.truncated).length;
  if (cut > 0) {
    notes.push(
      `${cut} of ${captures.length} captures were cut, so counts are scaled up and ids are not compared.`,
    );
  }
  // A capture in which nothing is alive names all that there is, as long as others show that the format has names.
  const hasIds =
    cut === 0 &&
    captures.some(({ ids }) => ids.length > 0) &&
    captures.every(({ dump, ids }) => ids.length === dump.covered);
  return { captures, hasIds, notes };
}

function toCapture(observation: Observation): SeriesCapture {
  const dump = observation.goroutines as GoroutineDump;
  const isCut = dump.truncated && dump.covered > 0 && dump.total > dump.covered;
  return {
    atMs: observation.atMs,
    dump,
    ids: uniteIds(dump.groups.map((group) => group.ids)),
    scale: isCut ? dump.total / dump.covered : 1,
    requestsServed: observation.requestsServed,
  };
}

function keepOneFormat(captures: readonly SeriesCapture[], notes: string[]): SeriesCapture[] {
  const byFormat = new Map<DumpFormat, SeriesCapture[]>();
  for (const capture of captures) {
    const list = byFormat.get(capture.dump.format);
    if (list) list.push(capture);
    else byFormat.set(capture.dump.format, [capture]);
  }
  const withIds = byFormat.get("goroutine-debug2");
  const longest = [...byFormat.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
  const kept = withIds !== undefined && withIds.length >= 3 ? withIds : longest;
  const dropped = captures.length - kept.length;
  if (dropped > 0) notes.push(`${dropped} captures in another format were left out of the series.`);
  return kept;
}

/** Only the latest process is judged. */
function keepLatestProcess(captures: readonly SeriesCapture[], notes: string[]): SeriesCapture[] {
  let start = 0;
  for (let j = 1; j < captures.length; j++) {
    if (isRestart(captures[j - 1] as SeriesCapture, captures[j] as SeriesCapture)) start = j;
  }
  if (start > 0)
    notes.push(`The process restarted: the ${start} captures before that were left out.`);
  return captures.slice(start);
}

/** Follows every key that `keyOf` gives over the captures. Groups without a key are left out. */
export function trackMembers(
  series: ComparableSeries,
  keyOf: (group: GoroutineDump["groups"][number]) => string | undefined,
): MemberTrack[] {
  const length = series.captures.length;
  const tracks = new Map<string, OpenTrack>();
  series.captures.forEach((capture, j) => {
    for (const group of capture.dump.groups) {
      const key = keyOf(group);
      if (key === undefined) continue;
      let track = tracks.get(key);
      if (track === undefined) {
        track = openTrack(key, group, length);
        tracks.set(key, track);
      }
      addGroup(track, group, j, capture.scale);
    }
  });
  return [...tracks.values()].map(closeTrack);
}

interface OpenTrack {
  readonly key: string;
  readonly counts: Float64Array;
  readonly ageMinutesMax: Float64Array;
  readonly ids: Float64Array[][];
  readonly creatorIds: Float64Array[];
  creatorCount: number;
  lockWaiters: number;
  state: string;
  readonly largest: GoroutineDump["groups"][number];
}

function openTrack(key: string, group: GoroutineDump["groups"][number], length: number): OpenTrack {
  return {
    key,
    counts: new Float64Array(length),
    ageMinutesMax: new Float64Array(length),
    ids: Array.from({ length }, () => []),
    creatorIds: [],
    creatorCount: 0,
    lockWaiters: 0,
    state: group.state,
    largest: group,
  };
}

function addGroup(
  track: OpenTrack,
  group: GoroutineDump["groups"][number],
  j: number,
  scale: number,
): void {
  track.counts[j] = (track.counts[j] as number) + group.count * scale;
  track.ageMinutesMax[j] = Math.max(track.ageMinutesMax[j] as number, group.age.maxMinutes);
  if (group.ids.length > 0) (track.ids[j] as Float64Array[]).push(group.ids);
  if (track.state !== group.state) track.state = "";
  if (j + 1 < track.counts.length) return;
  track.creatorCount += group.creatorCount;
  if (isLock(group.waker)) track.lockWaiters += group.count;
  if (group.creatorIds !== undefined) track.creatorIds.push(group.creatorIds);
}

function closeTrack(track: OpenTrack): MemberTrack {
  return {
    key: track.key,
    counts: track.counts,
    ids: track.ids.map(uniteIds),
    state: track.state,
    frames: track.largest.frames,
    createdBy: track.largest.createdBy,
    lastCount: track.counts.at(-1) as number,
    creatorIds: uniteIds(track.creatorIds),
    creatorCount: track.creatorCount,
    lockWaiters: track.lockWaiters,
    ageMinutesMax: track.ageMinutesMax,
  };
}

/** One track per `groupKey`. */
export function trackGroups(series: ComparableSeries): MemberTrack[] {
  return trackMembers(series, groupKey);
}

/** One track per `go` statement; its stacks differ, so it has none. */
export function trackCreators(series: ComparableSeries): MemberTrack[] {
  return trackMembers(series, ({ createdBy }) =>
    createdBy === undefined ? undefined : creatorKey(createdBy),
  ).map(withoutFrames);
}

function withoutFrames(track: MemberTrack): MemberTrack {
  return { ...track, frames: [] };
}

/**
 * Which of the things that a heap census counts leak: those that stay while more keep coming, in every part of the
 * series. Pools and caches fill ever more slowly, timers and listeners of a start-up do not grow at all, and
 * what turns over as fast as it comes is load.
 */
import type { CensusKind, Frame } from "@watertight/profile";
import type { CensusTrack } from "./census-series.ts";

/** Two captures do not tell a leak from a pool that has not filled up yet. */
const CAPTURES_MIN = 3;

/** With fewer captures what fills up ever more slowly is told by two steps alone: they have to be alike. */
const CAPTURES_FEW = 3;

const GROWTH_MIN = 8;

/** Files that the operating system counts: those behind a file handle or a stream among them. */
export const OPEN_FILE = "open file";

/** A cache of a package has a bound as a rule, and takes a while to fill up to it. */
const CAPTURES_OF_DEPENDENCY = 6;

/** What grows by less than this is kept cheaply. */
const HELD_BYTES_MIN = 64 * 1024;

/** A leak that follows a steady load adds about as much each time. */
const EVENNESS_MIN = 0.5;

/** True when the track leaks. `heapBytes` is what was alive in all, per capture. */
export function isLeaking(track: CensusTrack, heapBytes: readonly number[]): boolean {
  const { kind } = track.entry;
  if (kind === "request") return false;
  const { counts, verdict } = track.series;
  if (counts.length < CAPTURES_MIN || rise(counts) < GROWTH_MIN || !goesOn(counts)) return false;
  const isGrowing = verdict === "growing" || isToldByCount(track);
  return isGrowing && holdsEnough(kind, track, heapBytes);
}

/** Of what the first half of a series brought, the second half brings at least so much. */
const LATER_SHARE_MIN = 0.4;
const LATER_SHARE_MIN_OF_FEW = 0.75;

/** Whether it still grows in the end: a pool that has filled up does not. */
function goesOn(counts: readonly number[]): boolean {
  const middle = (counts.length - 1) >> 1;
  const early = ((counts[middle] ?? 0) - (counts[0] ?? 0)) / Math.max(1, middle);
  const late = rise(counts.slice(middle)) / Math.max(1, counts.length - 1 - middle);
  if (counts.length <= CAPTURES_FEW && !isEven(counts)) return false;
  const share = counts.length <= CAPTURES_FEW ? LATER_SHARE_MIN_OF_FEW : LATER_SHARE_MIN;
  return rise(counts.slice(-2)) > 0 && late >= early * share;
}

/** Where ids say nothing: those of timers that are set anew each time, and those of files, which are no times. */
function isToldByCount(track: CensusTrack): boolean {
  const { kind, name } = track.entry;
  if (kind === "handle" && name === OPEN_FILE) return isEven(track.series.counts);
  return kind === "timer" && isRearming(track);
}

/**
 * A loop that sets its next timer each time has a new timer in every capture, so none of them stays. That
 * there is one more with each request shows in the counts alone.
 */
function isRearming({ series }: CensusTrack): boolean {
  if (series.verdict !== "load-following" && series.verdict !== "steady") return false;
  return series.attachment === undefined && isEven(series.counts);
}

function isEven(counts: readonly number[]): boolean {
  const steps = counts.slice(1).map((count, index) => count - (counts[index] ?? 0));
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  return mean >= 1 && steps.every((step) => step >= mean * EVENNESS_MIN && step <= mean * 2);
}

function holdsEnough(
  kind: CensusKind,
  { entry, series, bytes }: CensusTrack,
  heapBytes: readonly number[],
): boolean {
  if (kind === "external") return rise(bytes) >= HELD_BYTES_MIN;
  if (kind !== "collection") return true;
  if (isDependencys(entry.place) && series.counts.length < CAPTURES_OF_DEPENDENCY) return false;
  return isEven(series.counts) && rise(heapBytes) >= HELD_BYTES_MIN;
}

function isDependencys(place: Frame | undefined): boolean {
  return place?.file.includes("/node_modules/") === true;
}

function rise(values: readonly number[]): number {
  return (values.at(-1) ?? 0) - (values[0] ?? 0);
}

/** Kinds by how much they explain of each other: a socket brings timers, listeners and buffers along. */
const RANK: Readonly<Record<CensusKind, number>> = {
  request: 0,
  body: 1,
  handle: 2,
  timer: 3,
  listeners: 4,
  external: 5,
  collection: 6,
};

/** Handles that bring others along come first. */
const HANDLE_RANK: readonly string[] = [
  "Worker",
  "ChildProcess",
  "Server",
  "Agent",
  "Socket",
  "TLSSocket",
];

/** Tracks that explain others first. */
export function sortByRank(tracks: readonly CensusTrack[]): readonly CensusTrack[] {
  return tracks.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ entry, series }: CensusTrack): number {
  const handle = HANDLE_RANK.indexOf(entry.name);
  const others = entry.name === OPEN_FILE ? HANDLE_RANK.length + 1 : HANDLE_RANK.length;
  const within = entry.kind === "handle" ? (handle < 0 ? others : handle) : 0;
  const size = 1 / (1 + (series.counts.at(-1) ?? 0));
  const isPlaced = (entry.place?.line ?? 0) > 0;
  return RANK[entry.kind] * 100 + within * 10 + (isPlaced ? 0 : 2) + size;
}

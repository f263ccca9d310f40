/** Findings from a series of heap censuses: what leaks without a suspended task that would show it. */
import {
  fingerprintFinding,
  formatBytes,
  formatCount,
  type Evidence,
  type Finding,
  type Frame,
} from "@watertight/finding";
import type { JudgedCase } from "../build-finding.ts";
import type { Observation } from "../observation.ts";
import { FrameOrigins, type FrameOriginOptions } from "../stack/frame-origin.ts";
import { isWatching } from "../stack/node-frame-origin.ts";
import { CENSUS_CAUSES, LOCK_QUEUE, STALLED_STREAM, type CensusCause } from "./census-causes.ts";
import { trackCensus, type CensusTrack } from "./census-series.ts";
import { describeFrame } from "../evidence.ts";
import type { CensusKind } from "@watertight/profile";
import { isLeaking, sortByRank } from "./judge-census.ts";
import { isLock } from "./name-words.ts";
import { tellCandidates } from "./tell-candidates.ts";
import { ToldLeaks } from "./told-leaks.ts";

/**
 * Findings of timers, handles, listeners, unread bodies, collections and buffers that grow. What hangs together with
 * a leak that is told already, or with another finding, is its effect and left out; what only grows beside it is
 * a finding of its own.
 */
export function diagnoseCensus(
  observations: readonly Observation[],
  found: readonly JudgedCase[],
  options: FrameOriginOptions = {},
): readonly Finding[] {
  const subject = observations.findLast(({ goroutines }) => goroutines?.census !== undefined);
  if (subject?.goroutines === undefined) return [];
  const origins = FrameOrigins.of(subject.goroutines, options);
  const heapBytes = observations.flatMap(({ goroutines }) => goroutines?.census?.heapBytes ?? []);
  const leaking = sortByRank(
    trackCensus(observations).filter((track) => !isOurs(track) && isLeaking(track, heapBytes)),
  );
  const told = new ToldLeaks(found.map(({ view }) => view.group.ids));
  const own = leaking.filter((track) => {
    const isEffect = told.explains(track);
    told.add(track);
    return !isEffect;
  });
  return joinSame(own).flatMap((tracks) => {
    const [track] = tracks;
    const { kind, name } = track.entry;
    const cause = causeOf(kind, name);
    return cause === undefined
      ? []
      : [describe(track, cause, { origins, alike: tracks.length - 1 })];
  });
}

function causeOf(kind: CensusKind, name: string): CensusCause | undefined {
  if (kind === "handle" && name.endsWith("Stream")) return STALLED_STREAM;
  return kind === "collection" && isLock(name) ? LOCK_QUEUE : CENSUS_CAUSES[kind];
}

/** Whoever samples Buffers keeps a list of samples, which grows whenever the Buffers do and says nothing more. */
function isOurs({ entry: { kind, place } }: CensusTrack): boolean {
  return kind === "collection" && place !== undefined && isWatching(place);
}

/** Tracks that one line of the program fills, largest first: a list in each of many objects is one leak. */
function joinSame(
  tracks: readonly CensusTrack[],
): readonly (readonly [CensusTrack, ...CensusTrack[]])[] {
  const joined = new Map<string, [CensusTrack, ...CensusTrack[]]>();
  for (const track of tracks) {
    const { kind, name, place } = track.entry;
    const key = [kind, name, place?.file, place?.line].join("\n");
    const same = joined.get(key);
    if (same === undefined) joined.set(key, [track]);
    else same.push(track);
  }
  return [...joined.values()].map((same) => {
    same.sort((a, b) => b.entry.count - a.entry.count);
    return same;
  });
}

interface Surroundings {
  readonly origins: FrameOrigins;
  /** How many more there are that the same line fills. */
  readonly alike: number;
}

function describe(
  track: CensusTrack,
  cause: CensusCause,
  { origins, alike }: Surroundings,
): Finding {
  const { entry } = track;
  const { place } = entry;
  const site = place !== undefined && origins.isApp(place) ? place : undefined;
  const isMemory = entry.kind === "external" || entry.kind === "collection";
  const bytes = isMemory ? entry.bytes : 0;
  return {
    id: fingerprintFinding({
      cause: cause.cause,
      site: site ?? { function: entry.name, file: "", line: 0 },
    }),
    cause: cause.cause,
    kind: isMemory ? "memory" : "work",
    runtime: "node",
    severity: entry.count >= 5000 || entry.kind === "handle" ? "high" : "medium",
    confidence: isMemory ? 0.8 : 0.9,
    certainty: "likely",
    title: cause.title(entry),
    count: entry.kind === "external" ? bytes : entry.count,
    unit: entry.kind === "external" ? "bytes" : "occurrences",
    ...(site === undefined ? {} : { site }),
    ...(entry.creator === undefined ? {} : { creator: entry.creator }),
    ...growthOf(track),
    evidence: [
      tell(track, place),
      ...tellBytes(track),
      ...(alike === 0 ? [] : [{ text: `${alike} more of that name grow as well.` }]),
      ...(site === undefined ? tellPlace(track) : []),
    ],
    fix: { ...cause.fix, docs: `docs/causes/${cause.cause}.md` },
  };
}

/** How fast: of Buffers in bytes, as they are counted in. */
function growthOf({ entry, series, bytes }: CensusTrack): Pick<Finding, "growth"> {
  const { growth, counts } = series;
  if (growth === undefined) return {};
  if (entry.kind !== "external") return { growth };
  const more = (counts.at(-1) ?? 0) - (counts[0] ?? 0);
  const each = more <= 0 ? 0 : ((bytes.at(-1) ?? 0) - (bytes[0] ?? 0)) / more;
  const { perHour, perRequest, ...rest } = growth;
  const perServed = perRequest === undefined ? {} : { perRequest: perRequest * each };
  return { growth: { ...rest, perHour: perHour * each, ...perServed } };
}

function tell({ entry, series }: CensusTrack, place: Frame | undefined): Evidence {
  const { counts } = series;
  const path = counts.map((count) => formatCount(count)).join(" → ");
  const text = `${entry.name}: ${path} in ${counts.length} captures; those that were there stay, and more come.`;
  const ids = [...entry.ids.subarray(0, 10)].map(Math.floor);
  return { text, ...(place === undefined ? {} : { frames: [place] }), ids };
}

/** What is known where no line of the program is: who could have made them, or the nearest that holds them. */
function tellPlace({ entry: { candidates = [], place } }: CensusTrack): readonly Evidence[] {
  if (candidates.length > 0 || place === undefined) return tellCandidates(candidates);
  const text = `The heap does not say which line made them; nearest to it is ${describeFrame(place)}.`;
  return [{ text }];
}

function tellBytes({ entry, bytes }: CensusTrack): readonly Evidence[] {
  if (entry.kind !== "external") return [];
  const [from, to] = [bytes[0] ?? 0, bytes.at(-1) ?? 0];
  return [
    {
      text: `Their bytes outside of the heap rose from ${formatBytes(from)} to ${formatBytes(to)}.`,
    },
  ];
}

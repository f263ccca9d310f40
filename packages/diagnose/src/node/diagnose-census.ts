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
import { CENSUS_CAUSES, STALLED_STREAM, type CensusCause } from "./census-causes.ts";
import { trackCensus, type CensusTrack } from "./census-series.ts";
import { isLeaking, sortByRank } from "./judge-census.ts";
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
    trackCensus(observations).filter((track) => isLeaking(track, heapBytes)),
  );
  const told = new ToldLeaks(found.map(({ view }) => view.group.ids));
  const findings: Finding[] = [];
  for (const track of leaking) {
    const isEffect = told.explains(track);
    told.add(track);
    if (isEffect) continue;
    const isStream = track.entry.kind === "handle" && track.entry.name.endsWith("Stream");
    const cause = isStream ? STALLED_STREAM : CENSUS_CAUSES[track.entry.kind];
    if (cause !== undefined) findings.push(describe(track, cause, origins));
  }
  return findings;
}

function describe(track: CensusTrack, cause: CensusCause, origins: FrameOrigins): Finding {
  const { entry, series } = track;
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
    ...(series.growth === undefined ? {} : { growth: series.growth }),
    evidence: [tell(track, place), ...tellBytes(track)],
    fix: { ...cause.fix, docs: `docs/causes/${cause.cause}.md` },
  };
}

function tell({ entry, series }: CensusTrack, place: Frame | undefined): Evidence {
  const { counts } = series;
  const path = counts.map((count) => formatCount(count)).join(" → ");
  const text = `${entry.name}: ${path} in ${counts.length} captures; those that were there stay, and more come.`;
  const ids = [...entry.ids.subarray(0, 10)].map(Math.floor);
  return { text, ...(place === undefined ? {} : { frames: [place] }), ids };
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

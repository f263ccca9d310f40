/**
 * Memory that only grows, from a series of heap profiles. The flame room tests every
 * node of the call trees and reads the shapes; this room says whose line it is, how
 * much of what is allocated there stays, and what the load did meanwhile.
 */
import { formatBytes, type Finding, type LeakRuntime } from "@watertight/finding";
import { buildCallTree, functionIdentity, readShapes, type ShapeReading } from "@watertight/flame";
import type { Profile } from "@watertight/profile";
import type { Observation } from "../observation.ts";
import type { FrameOriginOptions } from "../stack/frame-origin.ts";
import { collectHeapSeries } from "./collect-heap-series.ts";
import { describeSite, riseOf, type SiteGrowth } from "./describe-site.ts";
import { HeapPlaces, type SitePlace, WHOLE_PROFILE } from "./heap-places.ts";
import { DEVIATIONS_MAX } from "./sampling-error.ts";
import { GARBAGE_NOTE, mayBeGarbage, readHeapRuntime } from "./uncollected-garbage.ts";
import { isSamplingError, UNKNOWN_BUFFERS } from "./unknown-buffers.ts";
import { turnsOver } from "./weigh-turnover.ts";

export interface HeapSeriesOptions extends FrameOriginOptions {
  /** Read from the files of the last heap profile unless told. */
  readonly runtime?: LeakRuntime;
  /** Expected share of false discoveries among the findings; 0.01 unless told. */
  readonly falseDiscoveryRate?: number;
}

/** Fewer heap captures cannot show that memory does not come back. */
export const HEAP_CAPTURES_MIN = 5;

/**
 * Findings of cause `memory-growth`, worst first; none when there are fewer than
 * {@link HEAP_CAPTURES_MIN} heap captures, and none of what {@link mayBeGarbage}. Benign shapes are not reported.
 */
export function diagnoseHeapSeries(
  observations: readonly Observation[],
  options: HeapSeriesOptions = {},
): Finding[] {
  const series = collectHeapSeries(observations);
  const first = series.captures[0];
  const last = series.captures.at(-1);
  if (first === undefined || last === undefined || series.captures.length < HEAP_CAPTURES_MIN)
    return [];
  const runtime = options.runtime ?? readHeapRuntime(last.heap);
  const heaps = series.captures.map(({ heap }) => heap);
  if (mayBeGarbage(heaps, runtime)) return [];
  const trees = heaps.map((heap) => buildCallTree(heap, { sampleType: "inuse_space" }));
  const readings = readShapes(
    trees,
    series.captures.map(({ atMs }) => atMs),
    {
      alpha: options.falseDiscoveryRate ?? 0.01,
      ...(series.load !== undefined && series.isLoadRising ? { load: series.load } : {}),
    },
  );
  const after = new HeapPlaces(last.heap, { ...options, runtime });
  const before = new HeapPlaces(first.heap, { ...options, runtime });
  const bySite = new Map<string, { site: SitePlace; shapes: ShapeReading[] }>();
  for (const reading of readings.filter(({ isLeak }) => isLeak)) {
    const site = siteOf(reading, after);
    const key = functionIdentity(site.function, site.file);
    const known = bySite.get(key);
    if (known === undefined) bySite.set(key, { site, shapes: [reading] });
    else known.shapes.push(reading);
  }
  return [...bySite.values()]
    .map(({ site, shapes }) => ({ site, shapes, before, after, series, runtime }))
    .filter((growth) => !isChurn(growth) && !isLeftOver(growth) && !isSampledByChance(growth))
    .map(describeSite);
}

/** The innermost function of the service that the growth comes from, else the innermost of all. */
function siteOf({ path, chain, files }: ShapeReading, places: HeapPlaces): SitePlace {
  const functions = [...path, ...chain].map((name, at) => ({
    function: name,
    file: files[at] ?? "",
  }));
  return places.findSite(functions) ?? functions.at(-1) ?? WHOLE_PROFILE;
}

/** A sentence for when nothing could be said of a series of heap profiles. */
export function noteGarbage(observations: readonly Observation[]): readonly string[] {
  const heaps = collectHeapSeries(observations).captures.map(({ heap }) => heap);
  const last = heaps.at(-1);
  if (last === undefined || heaps.length < HEAP_CAPTURES_MIN) return [];
  return mayBeGarbage(heaps, readHeapRuntime(last)) ? [GARBAGE_NOTE] : [];
}

/** What samples of Buffers do not explain grows with what they do. */
function isLeftOver({ site, before, after }: SiteGrowth): boolean {
  return site.function === UNKNOWN_BUFFERS && isSamplingError({ before, after });
}

/**
 * A few samples that came one after the other are a rising series and yet next to nothing. Only what was added
 * counts: the samples of what stays are the same in every capture, and so is what they are wrong by.
 */
function isSampledByChance({ site, shapes, after }: SiteGrowth): boolean {
  const rise = riseOf(shapes);
  const { inuseBytes, inuseVariance } = after.measure(site);
  if (inuseBytes <= 0) return false;
  return rise <= DEVIATIONS_MAX * Math.sqrt((rise * inuseVariance) / inuseBytes);
}

/** Where less than this share of what is allocated stays, it takes a longer and surer series. */
const KEPT_SHARE_MIN = 0.25;
const CHURN_CAPTURES_MIN = 12;
const CHURN_P_MAX = 0.0005;

/** A bounded cache turns over what it holds: chance alone can make a short series of it rise. */
function isChurn({ site, shapes, before, after, series }: SiteGrowth): boolean {
  const from = before.measure(site);
  const to = after.measure(site);
  const allocated = to.allocBytes - from.allocBytes;
  if (allocated <= 0) return false;
  const middle = series.captures[series.captures.length >> 1]?.heap;
  const between = middle === undefined ? [] : [new HeapPlaces(middle, {}).measure(site)];
  const samplingBytes = Number(series.captures.at(-1)?.heap.period ?? 0n);
  if (turnsOver([from, ...between, to], samplingBytes)) return true;
  if (to.inuseBytes - from.inuseBytes >= allocated * KEPT_SHARE_MIN) return false;
  const pValue = Math.min(...shapes.map((shape) => shape.pValue));
  return series.captures.length < CHURN_CAPTURES_MIN || pValue > CHURN_P_MAX;
}

/** A sentence on what the process allocates per second, which by itself is no leak; none without two captures. */
export function noteAllocationRate(observations: readonly Observation[]): readonly string[] {
  const captures = observations
    .filter(({ allocs, heap }) => (allocs ?? heap) !== undefined)
    .toSorted((a, b) => a.atMs - b.atMs);
  const first = captures[0];
  const last = captures.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return [];
  const more = allocatedBytes(last) - allocatedBytes(first);
  if (more <= 0) return [];
  const perSecond = formatBytes((more * 1000) / (last.atMs - first.atMs));
  return [`The process allocates ${perSecond} per second; only what stays in use is a leak.`];
}

function allocatedBytes({ allocs, heap }: Observation): number {
  const profile = (allocs ?? heap) as Profile;
  const at = profile.sampleTypes.findIndex(({ type }) => type === "alloc_space");
  let total = 0;
  for (const value of profile.samples.values[at] ?? []) total += Number(value);
  return total;
}

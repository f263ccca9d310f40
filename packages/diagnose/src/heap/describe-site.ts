/** A finding for one allocation site, with the numbers behind it in words. */
import {
  fingerprintFinding,
  formatBytes,
  formatCount,
  type Evidence,
  type Finding,
  type LeakRuntime,
  type Severity,
} from "@watertight/finding";
import { describeShape, type ShapeReading } from "@watertight/flame";
import { COLLECTION_FIX, EXTERNAL_FIX } from "../node/census-causes.ts";
import { percent } from "../series/judge-members.ts";
import type { HeapSeries } from "./collect-heap-series.ts";
import { type HeapPlaces, type SitePlace, WHOLE_PROFILE } from "./heap-places.ts";
import { UNKNOWN_BUFFERS } from "./unknown-buffers.ts";

/** The growth that ends at one site. */
export interface SiteGrowth {
  readonly site: SitePlace;
  /** Shapes whose growth ends at this site, largest first. */
  readonly shapes: readonly ShapeReading[];
  readonly before: HeapPlaces;
  readonly after: HeapPlaces;
  readonly series: HeapSeries;
  readonly runtime: LeakRuntime;
}

/** Builds the finding. Growth that no function stands out in has no site. */
export function describeSite(growth: SiteGrowth): Finding {
  const { shapes, site: place, after, series, runtime } = growth;
  const site = place === WHOLE_PROFILE ? undefined : after.locate(place);
  const main = shapes[0] as ShapeReading;
  const perHour = shapes.reduce((sum, { perHour }) => sum + perHour, 0);
  const inuseBytes = site === undefined ? main.to : after.measure(place).inuseBytes;
  const served = countRequests(series);
  const isExternal = growsOutside(growth);
  const cause = isExternal ? "external-memory-growth" : "memory-growth";
  const identity = site === undefined ? { cause } : { cause, site };
  return {
    id: fingerprintFinding(identity),
    ...identity,
    kind: "memory",
    runtime,
    severity: severityOf(perHour, main.shareTo),
    confidence: main.pValue < 0.001 ? 0.95 : 0.9,
    certainty: "likely",
    title: titleOf(place, isExternal),
    count: Math.round(inuseBytes),
    unit: "bytes",
    growth: {
      perHour,
      pValue: Math.min(...shapes.map(({ pValue }) => pValue)),
      captures: series.captures.length,
      ...(served === undefined || served <= 0 ? {} : { perRequest: riseOf(shapes) / served }),
    },
    evidence: [...shapes.map(showShape), ...weighAllocation(growth), ...weighLoad(series)],
    fix: { ...fixOf(runtime, isExternal), docs: `docs/causes/${cause}.md` },
  };
}

/** What the agent counts and cannot put down to a line. */
const UNSEEN: Readonly<Record<string, string>> = {
  [UNKNOWN_BUFFERS]:
    "Buffers stay in use, and more are added all the time: at no line that the agent watches",
  "(native memory)":
    "Memory of native code (addons, compression, crypto) stays in use, and more is added all the time",
};

function titleOf(place: SitePlace, isExternal: boolean): string {
  if (place === WHOLE_PROFILE)
    return "The memory in use grows all the time, and no one place accounts for it";
  const unseen = UNSEEN[place.function];
  if (unseen !== undefined) return unseen;
  const allocated = isExternal ? "Buffers allocated" : "Memory allocated";
  const stays = isExternal ? "stay in use" : "stays in use";
  return `${allocated} in ${shortName(place.function)} ${stays}, and more is added all the time`;
}

function fixOf(runtime: LeakRuntime, isExternal: boolean): Omit<Finding["fix"], "docs"> {
  if (isExternal) return EXTERNAL_FIX;
  return runtime === "node" ? COLLECTION_FIX : GO_FIX;
}

/** Whether most of what grew is outside of the runtime's heap. */
function growsOutside({ site, before, after }: SiteGrowth): boolean {
  const [from, to] = [before.measure(site), after.measure(site)];
  const grown = to.inuseBytes - from.inuseBytes;
  return grown > 0 && to.externalBytes - from.externalBytes > grown / 2;
}

/** Bytes that all the shapes of a site have grown by. */
export function riseOf(shapes: readonly ShapeReading[]): number {
  return shapes.reduce((sum, { from, to }) => sum + to - from, 0);
}

function showShape(reading: ShapeReading): Evidence {
  const frames = [...reading.path, ...reading.chain]
    .toReversed()
    .map((name) => ({ function: name, file: "", line: 0 }));
  return { text: describeShape(reading), frames: frames.slice(0, 12) };
}

/** How much of what was allocated at the site during the series is still in use. */
function weighAllocation({ site, before, after }: SiteGrowth): Evidence[] {
  const from = before.measure(site);
  const to = after.measure(site);
  const allocated = to.allocBytes - from.allocBytes;
  const kept = to.inuseBytes - from.inuseBytes;
  const evidence: Evidence[] = [];
  if (allocated > 0 && kept > 0) {
    const share = Math.min(1, kept / allocated);
    evidence.push({
      text: `Of ${formatBytes(allocated)} allocated there meanwhile, ${formatBytes(kept)} stayed in use (${percent(share)}).`,
    });
  }
  if (to.inuseObjects > from.inuseObjects) {
    evidence.push({
      text: `${formatCount(from.inuseObjects)} objects in use became ${formatCount(to.inuseObjects)}, about ${formatBytes(to.inuseBytes / to.inuseObjects)} each.`,
    });
  }
  return evidence;
}

function weighLoad({ load }: HeapSeries): Evidence[] {
  if (load === undefined || load.length < 2) return [];
  const shown = [load[1], load.at(-1)].map((rate) => formatCount(rate ?? 0));
  return [
    {
      text: `Requests per second went from ${shown[0]} to ${shown[1]} meanwhile, which does not explain the growth.`,
    },
  ];
}

function countRequests({ captures }: HeapSeries): number | undefined {
  const from = captures[0]?.requestsServed;
  const to = captures.at(-1)?.requestsServed;
  return from === undefined || to === undefined ? undefined : to - from;
}

const GIBIBYTE = 2 ** 30;

/** A day of this: does it fill a container of 4 GiB, of 1 GiB, or neither? */
function severityOf(perHour: number, share: number): Severity {
  const perDay = perHour * 24;
  if (perDay >= 4 * GIBIBYTE) return "critical";
  if (perDay >= GIBIBYTE) return "high";
  return share >= 0.5 ? "high" : "medium";
}

/** `cache.(*Store).Put` for `example.com/shop/cache.(*Store).Put`. */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

const GO_FIX: Omit<Finding["fix"], "docs"> = {
  summary:
    "Give what is kept there a bound: evict by size or age, delete entries when their owner is done, and keep a copy instead of a slice of something larger.",
  example: `// before
cache[key] = body[:n] // keeps all of body, for ever

// after
if len(cache) >= entriesMax { evictOldest(cache) }
cache[key] = bytes.Clone(body[:n])`,
};

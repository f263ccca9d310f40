/** What a fix is to be checked for: the leaks of an earlier report or series, found again by function, not by line. */
import { normaliseFunctionName, type Finding, type Report } from "@watertight/finding";
import type { Frame, GoroutineGroup } from "@watertight/profile";
import type { Observation } from "../observation.ts";
import { analyseSeries } from "../series/analyse-series.ts";
import type { MemberSeries } from "../series/series-view.ts";
import { groupKey, stateClass } from "../stack/group-key.ts";
import { measureRate, type LeakRate } from "./leak-rate.ts";

/** One leak to look for again. */
export interface WatchedLeak {
  /** The finding's fingerprint, or the group key where there was no finding. */
  readonly id: string;
  readonly title: string;
  readonly unit: Finding["unit"];
  readonly site: Frame | undefined;
  readonly creator: Frame | undefined;
  readonly state: string | undefined;
  /** Key to match instead of site and creator. */
  readonly key: string | undefined;
  /** Rates before the fix, where they were known; never zero. */
  readonly perRequest: LeakRate | undefined;
  readonly perHour: LeakRate | undefined;
}

/** Reads what leaked before a fix, from a report, its findings, or a series of captures. */
export function readWatchedLeaks(
  before: Report | readonly Finding[] | readonly Observation[],
): WatchedLeak[] {
  if ("findings" in before) return before.findings.map(fromFinding);
  const [first] = before;
  if (first !== undefined && "atMs" in first) return fromSeries(before as readonly Observation[]);
  return (before as readonly Finding[]).map(fromFinding);
}

function fromFinding(finding: Finding): WatchedLeak {
  const { growth } = finding;
  // A count of events stands behind the rate only where the report still says it; without it, no bounds.
  const rate = (per: LeakRate["per"], value: number | undefined): LeakRate | undefined =>
    value !== undefined && value > 0 ? { per, rate: value, lower: value, upper: value } : undefined;
  return {
    id: finding.id,
    title: finding.title,
    unit: finding.unit,
    site: finding.site,
    creator: finding.creator,
    state: finding.state,
    key: undefined,
    perRequest: rate("request", growth?.perRequest),
    perHour: rate("hour", growth?.perHour),
  };
}

function fromSeries(observations: readonly Observation[]): WatchedLeak[] {
  const view = analyseSeries(observations);
  const growing = [...view.groups.values()].filter(({ verdict }) => verdict === "growing");
  return growing.map((member) => ({
    id: member.key,
    title: `${member.key} was growing: ${member.reason}`,
    unit: "goroutines",
    site: undefined,
    creator: undefined,
    state: undefined,
    key: member.key,
    perRequest: rateOf(member, "request", view.load.requests),
    perHour: rateOf(member, "hour", view.spanMs / 3_600_000),
  }));
}

function rateOf(
  member: MemberSeries,
  per: LeakRate["per"],
  exposure: number | undefined,
): LeakRate | undefined {
  const value = per === "request" ? member.growth?.perRequest : member.growth?.perHour;
  if (value === undefined || value <= 0 || exposure === undefined || exposure <= 0)
    return undefined;
  return measureRate(value * exposure, exposure, per);
}

/** Whether a group of goroutines is the watched leak, in this build or another one. */
export function matchesLeak(group: GoroutineGroup, leak: WatchedLeak): boolean {
  if (leak.key !== undefined) return groupKey(group) === leak.key;
  if (leak.site === undefined && leak.creator === undefined) return false;
  const { site, state, creator } = leak;
  const isTask = group.state === "await" || group.state === "yield";
  const starts = isTask ? group.frames : [group.createdBy];
  if (creator !== undefined && !starts.some((frame) => isSameFunction(frame, creator)))
    return false;
  if (site !== undefined && !group.frames.some((frame) => isSameFunction(frame, site)))
    return false;
  return state === undefined || stateClass(group.state) === stateClass(state);
}

/** Same function but for what a compiler numbers. */
function isSameFunction(frame: Frame | undefined, wanted: Frame): boolean {
  if (frame === undefined) return false;
  return normaliseFunctionName(frame.function) === normaliseFunctionName(wanted.function);
}

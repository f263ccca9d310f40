/**
 * The diagnosis: captures in, findings out. One capture is judged by the rules; several also by how
 * their groups moved. Every group gets at most one cause, the first rule's that fits.
 */
import type { Finding } from "@watertight/finding";
import { distinguishFindings, sortFindings } from "@watertight/finding";
import type { GoroutineDump } from "@watertight/profile";
import { buildFinding, type JudgedCase, type MatchedCase } from "./build-finding.ts";
import { nameAllocators } from "./heap/name-allocators.ts";
import { nameCallers } from "./heap/name-callers.ts";
import { findTimerMakers } from "./heap/timer-makers.ts";
import {
  diagnoseHeapSeries,
  noteAllocationRate,
  noteGarbage,
} from "./heap/diagnose-heap-series.ts";
import { judge, judgeLeftover } from "./judge.ts";
import { explainLimits, noteUndecided } from "./limits.ts";
import { diagnoseCensus } from "./node/diagnose-census.ts";
import { findStayers } from "./node/find-stayers.ts";
import { judgeTask } from "./node/judge-task.ts";
import { mergeRequests } from "./node/merge-requests.ts";
import type { Observation } from "./observation.ts";
import { NODE_RULES } from "./rules/node/all-node-rules.ts";
import { ALL_RULES } from "./rules/all-rules.ts";
import type { Rule, RuleMatch } from "./rules/rule.ts";
import { findStalledPeers } from "./stalled-peer.ts";
import { describeStuck, STUCK_CAUSES } from "./stuck.ts";
import { analyseSeries } from "./series/analyse-series.ts";
import { isStartedByLibrary, nameSpawners, spawnKey } from "./spawn/name-spawners.ts";
import { creatorKey } from "./series/collect-series.ts";
import type { MemberSeries, SeriesView } from "./series/series-view.ts";
import { groupKey } from "./stack/group-key.ts";
import { connectStories } from "./stories.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";
import { DumpView, type SourceReader } from "./view/dump-view.ts";
import type { GroupView } from "./view/group-view.ts";
import { standingOf } from "./view/standing.ts";

export interface DiagnoseOptions {
  /** Import path prefixes that are the service's own, when their paths do not show it. */
  readonly appModules?: readonly string[];
  /**
   * `service` (the default) is a process that is meant to go on: pools, tickers and open connections are in order.
   * `nothing-left` is one that should have come to rest, after a test or a drain: whatever
   * still waits in its own code, `main` excepted, is a finding.
   */
  readonly expect?: "service" | "nothing-left";
  /** Reads the service's source, where it is at hand: it says what a goroutine waits for when a dump cannot. */
  readonly readSource?: SourceReader;
  /** What makes a finding of a suspicion in a single capture; see {@link Thresholds}. */
  readonly thresholds?: Partial<Thresholds>;
}

/** What the diagnosis says. */
export interface Diagnosis {
  /** Worst first; related ones are joined by `effects`. */
  readonly findings: readonly Finding[];
  /** Sentences on what could not be decided or proven, and why. */
  readonly notes: readonly string[];
  /** Crowds that look like a leak and that these captures cannot tell from a busy service; a sentence each. */
  readonly undecided: readonly string[];
  /** Whether some finding's goroutines were started by a library, and no `go` statement in the captures says for which line of the service. */
  readonly hasUnknownCallers: boolean;
  /** How every group moved; absent with a single capture. */
  readonly series?: SeriesView;
}

/**
 * Diagnoses one target. Observations may come in any order; the last one with goroutines is the one that is explained.
 * Pure: no clock, no IO.
 */
export function diagnose(
  observations: readonly Observation[],
  options: DiagnoseOptions = {},
): Diagnosis {
  const ordered = observations.toSorted((left, right) => left.atMs - right.atMs);
  const subject = chooseDump(ordered);
  const runtime = subject?.dump.runtime ?? "go";
  const heapOptions = subject === undefined ? options : { ...options, runtime };
  const memory = diagnoseHeapSeries(ordered, heapOptions);
  const allocation = [...noteAllocationRate(ordered), ...noteGarbage(ordered)];
  if (subject === undefined)
    return {
      findings: memory,
      undecided: [],
      hasUnknownCallers: false,
      notes: ["No capture holds goroutines.", ...allocation],
    };
  const withGoroutines = ordered.filter(({ goroutines }) => goroutines !== undefined);
  const series = withGoroutines.length > 1 ? analyseSeries(ordered) : undefined;
  const isNode = runtime === "node";
  const dump = new DumpView(
    isNode ? mergeRequests(subject.dump) : subject.dump,
    options,
    findTimerMakers(ordered, options),
  );
  const cases = matchAll(dump, { ...subject, series, options });
  const stayers = isNode ? findStayers(dump.groups, withGoroutines.slice(0, -1)) : undefined;
  const found = cases.flatMap((matched) => {
    if (stayers?.has(matched.view) === false && matched.leaked === 0) return [];
    const verdict =
      (isNode ? judgeTask : judge)(matched) ??
      (options.expect === "nothing-left" ? judgeLeftover(matched) : undefined);
    return verdict === undefined ? [] : [{ ...matched, verdict }];
  });
  const explained = isNode ? found : findStalledPeers(cases, found, dump);
  const held = isNode ? diagnoseCensus(ordered, found, options) : [];
  const told = connectStories([...buildFinding(dropPassing(explained), dump), ...held]);
  const servers = serverStarts(found);
  const spawned = nameSpawners(told, { observations: ordered, dump, servers });
  const stuck = nameCallers(spawned, ordered, options);
  const undecided = noteUndecided(cases, found, series);
  const notes = [
    ...explainLimits(subject, ordered, stuck),
    ...undecided.notes,
    ...(series?.notes ?? []),
    ...allocation,
  ];
  return {
    findings: sortFindings(distinguishFindings(nameAllocators(stuck, memory, ordered, options))),
    undecided: undecided.questions,
    notes,
    hasUnknownCallers: spawned.some(
      (finding) => isStartedByLibrary(finding, dump) && !servers.has(spawnKey(finding.creator)),
    ),
    ...(series === undefined ? {} : { series }),
  };
}

/** The `go` statements behind goroutines that serve requests. */
function serverStarts(cases: readonly JudgedCase[]): ReadonlySet<string> {
  const serving = cases.filter(({ view }) => view.serves !== undefined);
  return new Set(serving.map(({ view }) => spawnKey(view.group.createdBy)));
}

/** The dump that is explained, and the leak profile taken with it or after it. */
export interface Subject {
  readonly dump: GoroutineDump;
  readonly leaked: GoroutineDump | undefined;
}

function chooseDump(ordered: readonly Observation[]): Subject | undefined {
  const leaked = ordered.findLast((observation) => observation.leaked !== undefined)?.leaked;
  const dump =
    ordered.findLast((observation) => observation.goroutines !== undefined)?.goroutines ?? leaked;
  return dump === undefined ? undefined : { dump, leaked };
}

/** Where most of those that leave a group are found at another stack, one stop on the way counts for few. */
const PASSING_SHARE_MAX = 0.2;

/** Drops groups that the members of a far larger one pass through on their way to where they get stuck. */
function dropPassing(cases: readonly JudgedCase[]): readonly JudgedCase[] {
  return cases.filter(({ view, series }) => {
    const turnover = series?.turnover;
    const { createdBy, count } = view.group;
    if (turnover === undefined || createdBy === undefined) return true;
    if (turnover.moved === 0 || turnover.moved < turnover.left / 2) return true;
    const key = creatorKey(createdBy);
    return !cases.some(({ view: { group } }) => {
      const isSibling = group.createdBy !== undefined && creatorKey(group.createdBy) === key;
      return isSibling && count < group.count * PASSING_SHARE_MAX;
    });
  });
}

interface MatchContext extends Subject {
  readonly series: SeriesView | undefined;
  readonly options: DiagnoseOptions;
}

function matchAll(dump: DumpView, context: MatchContext): readonly MatchedCase[] {
  const leaked = countLeaked(context.leaked);
  const thresholds = { ...DEFAULT_THRESHOLDS, ...context.options.thresholds };
  const cases: MatchedCase[] = [];
  for (const view of dump.groups) {
    if (view.isSystem) continue;
    const series = context.series?.groups.get(view.key);
    const matched = matchOne(view, dump, series);
    if (matched === undefined) continue;
    cases.push({
      ...matched,
      view,
      standing: standingOf(view, dump),
      leaked: Math.max(
        view.group.leaked,
        dump.dump.leakProfile ? view.group.count : 0,
        leaked.get(view.key) ?? 0,
      ),
      series,
      thresholds,
      ...(context.series === undefined ? {} : { spanMs: context.series.spanMs }),
    });
  }
  return cases;
}

function matchOne(
  view: GroupView,
  dump: DumpView,
  series: MemberSeries | undefined,
): { readonly rule: Rule; readonly match: RuleMatch } | undefined {
  const isNode = dump.dump.runtime === "node";
  for (const rule of isNode ? NODE_RULES : ALL_RULES) {
    const match = rule.match(view, dump, series);
    if (match !== undefined) return { rule, match };
  }
  if (isNode) return undefined;
  const match = describeStuck(view);
  const rule = STUCK_CAUSES.get(view.wait);
  return match === undefined || rule === undefined ? undefined : { rule, match };
}

/** Leaked goroutines by group, from a leak profile of any format. */
function countLeaked(profile: GoroutineDump | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const group of profile?.groups ?? []) {
    const count =
      profile?.leakProfile === true && group.leaked === 0 && profile.format !== "goroutine-debug2"
        ? group.count
        : group.leaked;
    if (count === 0) continue;
    const key = groupKey(group);
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}

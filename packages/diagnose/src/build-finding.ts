/** From judged cases to findings: what leaks for one cause, at one place, from one line, is one finding. */
import {
  fingerprintFinding,
  type Certainty,
  type Evidence,
  type Finding,
  type Frame,
  type Severity,
} from "@watertight/finding";
import type { Case, Verdict } from "./judge.ts";
import type { Rule } from "./rules/rule.ts";
import type { DumpView } from "./view/dump-view.ts";
import { originOf } from "./view/origin.ts";

/** A case with the rule that matched. */
export interface MatchedCase extends Case {
  readonly rule: Rule;
}

/** A case that became a leak. */
export interface JudgedCase extends MatchedCase {
  readonly verdict: Verdict;
}

const STACKS_SHOWN_MAX = 6;

/** Builds the findings. Groups that share cause, site line and creator line are added up. */
export function buildFinding(cases: readonly JudgedCase[], dump: DumpView): readonly Finding[] {
  const merged = new Map<string, JudgedCase[]>();
  for (const judged of cases) {
    const { site, creator } = placesOf(judged, dump);
    const key = [judged.rule.cause, placeKey(site), placeKey(creator)].join("\n");
    const together = merged.get(key);
    if (together === undefined) merged.set(key, [judged]);
    else together.push(judged);
  }
  return [...merged.values()].map((together) => describe(together, dump));
}

function placesOf(
  { match, view }: JudgedCase,
  dump: DumpView,
): { site: Frame | undefined; creator: Frame | undefined } {
  return {
    site:
      match.site ??
      view.site ??
      view.group.frames.find((frame) => dump.origins.of(frame) !== "runtime") ??
      view.group.frames[0],
    creator: match.creator ?? (dump.dump.runtime === "node" ? undefined : view.group.createdBy),
  };
}

function placeKey(frame: Frame | undefined): string {
  return frame === undefined ? "" : `${frame.function}:${frame.file}:${frame.line}`;
}

function describe(cases: readonly JudgedCase[], dump: DumpView): Finding {
  const first = cases[0] as JudgedCase;
  const { site, creator } = placesOf(first, dump);
  const { rule, match, view } = first;
  const companions = countCompanions(cases, dump);
  const count = cases.reduce((sum, { view: { group } }) => sum + group.count, 0) + companions;
  const best = cases.reduce((top, next) =>
    next.verdict.confidence > top.verdict.confidence ? next : top,
  );
  const ages = cases.map(({ view: { group } }) => group.age).filter(({ stamped }) => stamped > 0);
  const growth = first.series?.verdict === "growing" ? first.series.growth : undefined;
  return {
    id: fingerprintFinding({ cause: rule.cause, site, creator }),
    cause: rule.cause,
    kind: "work",
    runtime: dump.dump.runtime,
    severity: severityOf(count, best.verdict.certainty, growth !== undefined, first),
    confidence: Math.round(best.verdict.confidence * 100) / 100,
    certainty: best.verdict.certainty,
    title: match.title,
    count,
    unit: dump.dump.runtime === "node" ? "tasks" : "goroutines",
    ...(view.group.state === "" ? {} : { state: view.group.state }),
    ...(site === undefined ? {} : { site }),
    ...(creator === undefined ? {} : { creator }),
    ...(growth === undefined ? {} : { growth }),
    ...(ages.length === 0
      ? {}
      : { ageMinutesMin: Math.max(...ages.map(({ maxMinutes }) => maxMinutes)) }),
    evidence: gatherEvidence(cases, best, dump),
    fix: { ...rule.fix, docs: `docs/causes/${rule.cause}.md` },
  };
}

/** The other half of a pair, e.g. the writeLoop of a connection whose readLoop leaks. */
function countCompanions(cases: readonly JudgedCase[], dump: DumpView): number {
  let sum = 0;
  for (const { match } of cases) {
    if (match.companions === undefined) continue;
    const { function: name, wait, countMax } = match.companions;
    const present = dump.groupsInside(name).filter((view) => view.wait === wait);
    sum += Math.min(
      countMax,
      present.reduce((count, { group }) => count + group.count, 0),
    );
  }
  return sum;
}

function gatherEvidence(
  cases: readonly JudgedCase[],
  best: JudgedCase,
  dump: DumpView,
): readonly Evidence[] {
  const seen = new Set<string>();
  const evidence: Evidence[] = [];
  const origin = originOf(best.view, dump);
  const all = [
    ...best.match.evidence,
    ...best.verdict.evidence,
    ...(origin === undefined ? [] : [origin]),
    ...cases.flatMap(({ match }) => match.evidence),
  ];
  for (const item of all) {
    if (seen.has(item.text) || evidence.length >= STACKS_SHOWN_MAX + 2) continue;
    seen.add(item.text);
    evidence.push(item);
  }
  return evidence;
}

/**
 * Critical: proven or growing, and the service stands (a lock, a pool) or thousands pile up.
 * High: growing or proven. Medium: likely. Low: a suspicion.
 */
function severityOf(
  count: number,
  certainty: Certainty,
  isGrowing: boolean,
  { rule, view }: JudgedCase,
): Severity {
  if (certainty === "suspect" && !isGrowing) return "low";
  const stopsService =
    rule.cause === "lock-held" ||
    (view.serves !== undefined && /^(?:mutex|rwmutex|once|sql-pool|semaphore)/.test(rule.cause));
  if (count >= 5000 || stopsService) return "critical";
  return isGrowing || certainty === "proven" || count >= 500 ? "high" : "medium";
}

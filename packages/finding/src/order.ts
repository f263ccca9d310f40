/** Which finding comes first: what a person should open first. */
import { SEVERITIES, type Certainty, type Finding, type Severity } from "./finding.ts";

const CERTAINTIES: readonly Certainty[] = ["proven", "likely", "suspect"];

/** Orders severities worst first; negative when `left` is worse. For `Array.prototype.sort`. */
export function compareSeverity(left: Severity, right: Severity): number {
  return SEVERITIES.indexOf(left) - SEVERITIES.indexOf(right);
}

/** Whether `severity` is as bad as `threshold` or worse. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return compareSeverity(severity, threshold) <= 0;
}

/** Orders findings: severity, certainty, confidence, count, then id, so that the order is total. */
export function compareFindings(left: Finding, right: Finding): number {
  return (
    compareSeverity(left.severity, right.severity) ||
    CERTAINTIES.indexOf(left.certainty) - CERTAINTIES.indexOf(right.certainty) ||
    right.confidence - left.confidence ||
    right.count - left.count ||
    (left.id < right.id ? -1 : Number(left.id > right.id))
  );
}

/** The findings, worst first. The input is left as it is. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(compareFindings);
}

/** A finding with the findings that it causes below it. */
export interface FindingTree {
  readonly finding: Finding;
  readonly effects: readonly FindingTree[];
}

/**
 * Nests every finding under the finding that causes it, worst first on each level.
 * A finding that several causes name goes to the worst of them; a cycle of effects
 * is cut, so that each finding appears exactly once.
 */
export function nestEffects(findings: readonly Finding[]): FindingTree[] {
  const sorted = sortFindings(findings);
  const placed = new Set<Finding>();
  const caused = new Set(sorted.flatMap((finding) => finding.effects ?? []));
  const place = (finding: Finding): FindingTree => {
    placed.add(finding);
    const effects: FindingTree[] = [];
    for (const candidate of sorted) {
      const isEffect = finding.effects?.includes(candidate.id) === true;
      if (isEffect && !placed.has(candidate)) effects.push(place(candidate));
    }
    return { finding, effects };
  };
  const roots = sorted.filter((finding) => !caused.has(finding.id)).map(place);
  const cut = sorted.filter((finding) => !placed.has(finding));
  for (const finding of cut) if (!placed.has(finding)) roots.push(place(finding));
  return roots.toSorted((left, right) => compareFindings(left.finding, right.finding));
}

/**
 * Gives findings that share a fingerprint (two closures of one function) an id each:
 * the first, by the line where it is stuck, keeps the fingerprint, the next gets `-2`, and so on.
 * `effects` that name a shared fingerprint keep naming the first.
 */
export function distinguishFindings(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>();
  const ids = new Map<Finding, string>();
  for (const finding of findings.toSorted((left, right) => lineOf(left) - lineOf(right))) {
    const nth = (seen.get(finding.id) ?? 0) + 1;
    seen.set(finding.id, nth);
    ids.set(finding, nth === 1 ? finding.id : `${finding.id}-${nth}`);
  }
  return findings.map((finding) => {
    const id = ids.get(finding) as string;
    return id === finding.id ? finding : { ...finding, id };
  });
}

function lineOf(finding: Finding): number {
  return finding.site?.line ?? finding.creator?.line ?? 0;
}

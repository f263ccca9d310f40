/** The causes that a set of findings names, as the rules of a code-analysis format. */
import type { Finding, Severity } from "./finding.ts";
import { compareSeverity, sortFindings } from "./order.ts";

/** One cause, described by the worst finding that names it. */
export interface CauseRule {
  readonly cause: string;
  /** `unclosed-body` is `UnclosedBody`. */
  readonly name: string;
  readonly severity: Severity;
  readonly worst: Finding;
}

/** One rule a cause, ordered by cause id. */
export function listCauseRules(findings: readonly Finding[]): CauseRule[] {
  const rules = new Map<string, CauseRule>();
  for (const finding of sortFindings(findings)) {
    const known = rules.get(finding.cause);
    if (known !== undefined && compareSeverity(known.severity, finding.severity) <= 0) continue;
    const { cause, severity } = finding;
    rules.set(cause, { cause, name: pascalCase(cause), severity, worst: finding });
  }
  return [...rules.values()].toSorted((left, right) => (left.cause < right.cause ? -1 : 1));
}

function pascalCase(id: string): string {
  return id.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) =>
    first.toUpperCase(),
  );
}

/** The report as JSON: the contract that other programs read. */
import type { CaptureSummary, Evidence, Finding, Frame, Report } from "../finding.ts";

/**
 * One object for one report, an array for several or none. Keys are always in the same
 * order, so that two reports can be compared as text. Indented by two, ends in a line break.
 */
export function renderJson(reports: readonly Report[]): string {
  const ordered = reports.map(orderReport);
  return `${JSON.stringify(ordered.length === 1 ? ordered[0] : ordered, undefined, 2)}\n`;
}

function orderReport(report: Report): object {
  return {
    target: report.target,
    runtime: report.runtime,
    runtimeVersion: report.runtimeVersion,
    captures: report.captures.map(orderCapture),
    findings: report.findings.map(orderFinding),
    undecided: report.undecided,
    notes: report.notes,
  };
}

function orderCapture(capture: CaptureSummary): object {
  const { at, profile, total, covered, truncated } = capture;
  return { at, profile, total, covered, truncated };
}

function orderFinding(finding: Finding): object {
  const { growth, fix } = finding;
  return {
    id: finding.id,
    cause: finding.cause,
    kind: finding.kind,
    runtime: finding.runtime,
    severity: finding.severity,
    confidence: finding.confidence,
    certainty: finding.certainty,
    title: finding.title,
    count: finding.count,
    unit: finding.unit,
    state: finding.state,
    site: finding.site && orderFrame(finding.site),
    creator: finding.creator && orderFrame(finding.creator),
    growth: growth && {
      perHour: growth.perHour,
      pValue: growth.pValue,
      captures: growth.captures,
      perRequest: growth.perRequest,
    },
    ageMinutesMin: finding.ageMinutesMin,
    evidence: finding.evidence.map(orderEvidence),
    fix: { summary: fix.summary, example: fix.example, docs: fix.docs },
    effects: finding.effects,
  };
}

function orderEvidence({ text, frames, ids }: Evidence): object {
  return { text, frames: frames?.map(orderFrame), ids };
}

function orderFrame({ function: name, file, line }: Frame): object {
  return { function: name, file, line };
}

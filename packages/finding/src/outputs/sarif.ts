/** The report as SARIF 2.1.0, for code scanning. Source: OASIS sarif-v2.1.0. */
import { listCauseRules, type CauseRule } from "../cause-rules.ts";
import type { Evidence, Finding, Frame, Report, Severity } from "../finding.ts";
import { sortFindings } from "../order.ts";
import { inertLine, inertLines } from "../safe-text.ts";
import { locateSource, type SourceOptions } from "../source-path.ts";
import { describeSize } from "../wording.ts";

export interface SarifOptions extends SourceOptions {
  /** Version of the tool, for the log's `driver.version`. */
  readonly version?: string;
}

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
};

/** A SARIF log with one run, over one or several reports. Ends in a line break. */
export function renderSarif(reports: readonly Report[], options: SarifOptions = {}): string {
  const findings = reports.flatMap((report) => report.findings);
  const rules = listCauseRules(findings);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "Watertight", version: options.version, rules: rules.map(ruleOf) },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { description: { text: "The project's folder." } } },
        invocations: [invocationOf(reports)],
        results: reports.flatMap((report) =>
          sortFindings(report.findings).map((finding) => resultOf(finding, report, rules, options)),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf({ cause, name, severity, worst }: CauseRule): object {
  const example = inertLines(worst.fix.example ?? "").join("\n");
  const code = example === "" ? "" : `\n\n${example}`;
  return {
    id: cause,
    name,
    shortDescription: { text: inertLine(worst.title) },
    fullDescription: { text: inertLine(`${worst.title}. ${worst.fix.summary}`) },
    help: { text: `${inertLine(worst.fix.summary)}${code}\n\nRead ${inertLine(worst.fix.docs)}.` },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: [worst.kind, worst.runtime, "leak"], "problem.severity": LEVELS[severity] },
  };
}

function invocationOf(reports: readonly Report[]): object {
  return {
    executionSuccessful: reports.every(({ captures }) => captures.every((one) => !one.truncated)),
    toolExecutionNotifications: reports.flatMap(({ target, notes }) =>
      notes.map((note) => ({ level: "note", message: { text: inertLine(`${target}: ${note}`) } })),
    ),
  };
}

function resultOf(
  finding: Finding,
  report: Report,
  rules: readonly CauseRule[],
  options: SarifOptions,
): object {
  const [main, other] = [finding.creator ?? finding.site, finding.creator && finding.site];
  return {
    ruleId: finding.cause,
    ruleIndex: rules.findIndex(({ cause }) => cause === finding.cause),
    level: LEVELS[finding.severity],
    kind: "fail",
    rank: Math.round(finding.confidence * 1000) / 10,
    message: { text: messageOf(finding, report) },
    locations: main === undefined ? [] : [locationOf(main, options)],
    relatedLocations: other && [
      { id: 1, ...locationOf(other, options), message: { text: "It is stuck here." } },
    ],
    stacks: stacksOf(finding.evidence, options),
    partialFingerprints: {
      primaryLocationLineHash: `${finding.id}:1`,
      "watertightFingerprint/v1": finding.id,
    },
    occurrenceCount: Math.max(1, Math.round(finding.count)),
    properties: {
      target: inertLine(report.target),
      severity: finding.severity,
      certainty: finding.certainty,
      confidence: finding.confidence,
      unit: finding.unit,
      state: finding.state === undefined ? undefined : inertLine(finding.state),
      growth: finding.growth,
      effects: finding.effects,
    },
  };
}

function messageOf(finding: Finding, report: Report): string {
  const sentences = [
    `${finding.title}: ${describeSize(finding).join(", ")} in ${report.target}.`,
    ...finding.evidence.map(({ text }) => text),
    finding.fix.summary,
  ];
  return sentences.map(inertLine).join(" ");
}

function stacksOf(evidence: readonly Evidence[], options: SarifOptions): object[] | undefined {
  const stacks = evidence
    .filter(({ frames }) => frames !== undefined && frames.length > 0)
    .map(({ text, frames = [] }) => ({
      message: { text: inertLine(text) },
      frames: frames.map((frame) => ({ location: locationOf(frame, options) })),
    }));
  return stacks.length === 0 ? undefined : stacks;
}

function locationOf(frame: Frame, options: SarifOptions): object {
  const source = locateSource(frame.file, options);
  const region = frame.line > 0 ? { startLine: Math.round(frame.line) } : undefined;
  const name = inertLine(frame.function);
  return {
    physicalLocation:
      source === undefined
        ? undefined
        : {
            artifactLocation: {
              uri: encodePath(source.path),
              uriBaseId: source.origin === "project" ? "SRCROOT" : undefined,
            },
            region,
          },
    logicalLocations: [{ fullyQualifiedName: name, kind: "function" }],
  };
}

/** A path as a relative URI reference: RFC 3986 segments, no leading slash, no `..`. */
function encodePath(path: string): string {
  const segments = path.toWellFormed().split("/");
  return segments
    .filter((segment) => segment !== "" && segment !== "." && segment !== "..")
    .map((segment) => encodeURIComponent(segment))
    .join("/");
}

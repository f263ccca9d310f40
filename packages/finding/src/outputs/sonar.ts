/** The report as SonarQube's generic issues (10.3 and later): every issue needs a file of the project. */
import { listCauseRules, type CauseRule } from "../cause-rules.ts";
import type { Finding, Frame, LeakKind, Report, Severity } from "../finding.ts";
import { sortFindings } from "../order.ts";
import { inertLine, inertLines } from "../safe-text.ts";
import { locateSource, type SourceOptions } from "../source-path.ts";
import { describeSize } from "../wording.ts";

export interface SonarReport {
  /** The JSON text, ending in a line break. */
  readonly text: string;
  /** Findings without a file of the project: the format cannot say them. */
  readonly omitted: readonly Finding[];
}

const ENGINE = "watertight";

const SEVERITIES: Readonly<Record<Severity, "HIGH" | "MEDIUM" | "LOW">> = {
  critical: "HIGH",
  high: "HIGH",
  medium: "MEDIUM",
  low: "LOW",
};

const ATTRIBUTES: Readonly<Record<LeakKind, { readonly quality: string; readonly code: string }>> =
  {
    work: { quality: "RELIABILITY", code: "COMPLETE" },
    memory: { quality: "RELIABILITY", code: "EFFICIENT" },
    data: { quality: "SECURITY", code: "TRUSTWORTHY" },
  };

const EFFORT_MINUTES = 30;

/** Generic issues over one or several reports. Lines are 1-based; columns are left to Sonar. */
export function renderSonar(reports: readonly Report[], options: SourceOptions = {}): SonarReport {
  const findings = sortFindings(reports.flatMap((report) => report.findings));
  const said = findings.filter((finding) => mainFrame(finding, options) !== undefined);
  const body = {
    rules: listCauseRules(said).map(ruleOf),
    issues: said.map((finding) => issueOf(finding, options)),
  };
  const omitted = findings.filter((finding) => !said.includes(finding));
  return { text: `${JSON.stringify(body, undefined, 2)}\n`, omitted };
}

function ruleOf({ cause, name, severity, worst }: CauseRule): object {
  const example = inertLines(worst.fix.example ?? "").join("\n");
  const { quality, code } = ATTRIBUTES[worst.kind];
  return {
    id: cause,
    name,
    description: [inertLine(worst.title), inertLine(worst.fix.summary), example]
      .filter((part) => part !== "")
      .join("\n\n"),
    engineId: ENGINE,
    cleanCodeAttribute: code,
    impacts: [{ softwareQuality: quality, severity: SEVERITIES[severity] }],
  };
}

function issueOf(finding: Finding, options: SourceOptions): object {
  const main = mainFrame(finding, options) as Frame;
  const other = [finding.creator, finding.site].find((frame) => frame !== main);
  const sized = `${finding.title}: ${describeSize(finding).join(", ")}. ${finding.fix.summary}`;
  const second = other && locationOf(other, "The other end of the leak.", options);
  return {
    ruleId: finding.cause,
    effortMinutes: EFFORT_MINUTES,
    primaryLocation: locationOf(main, inertLine(sized), options),
    secondaryLocations: second && [second],
  };
}

/** The creator when it is the project's, else the site. */
function mainFrame(finding: Finding, options: SourceOptions): Frame | undefined {
  return [finding.creator, finding.site].find(
    (frame) => frame !== undefined && projectPath(frame, options) !== undefined,
  );
}

function projectPath(frame: Frame, options: SourceOptions): string | undefined {
  const source = locateSource(frame.file, options);
  return source?.origin === "project" ? source.path : undefined;
}

function locationOf(frame: Frame, message: string, options: SourceOptions): object | undefined {
  const filePath = projectPath(frame, options);
  if (filePath === undefined) return undefined;
  const textRange = frame.line > 0 ? { startLine: Math.round(frame.line) } : undefined;
  return { message, filePath, textRange };
}

/** The failure that a leaking test ends with. */
import type { CaptureRecord } from "@watertight/capture";
import { renderTerminal, type Finding, type Report } from "@watertight/finding";
import { TESTKIT_ERRORS } from "./errors.ts";

const COLUMNS_DEFAULT = 100;

/** Thrown for the test that leaks. Its message is the whole report. */
export class LeakError extends Error {
  override readonly name = "LeakError";
  readonly code = "WT_TESTKIT_LEAK";
  readonly remedy: string = TESTKIT_ERRORS.WT_TESTKIT_LEAK.remedy;
  readonly findings: readonly Finding[];

  constructor(report: Report) {
    super(renderReport(report));
    this.findings = report.findings;
    const [first] = report.findings;
    const place = first?.site;
    // The runner shows the line that leaks, not one of the kit's own.
    this.stack = `${this.name}: ${this.message}${place === undefined ? "" : `\n    at ${place.function} (${place.file}:${place.line}:1)`}`;
  }
}

/** The report of one test. */
export function reportTest(title: string, findings: readonly Finding[]): Report {
  return {
    target: title,
    runtime: "node",
    runtimeVersion: `node ${process.version}`,
    captures: [
      {
        at: new Date().toISOString(),
        profile: "test",
        total: findings.reduce((sum, { count }) => sum + count, 0),
        covered: findings.reduce((sum, { count }) => sum + count, 0),
        truncated: false,
      },
    ],
    findings,
    notes: [],
  };
}

/** The report of a service that a load left something in. */
export function reportService(record: CaptureRecord, findings: readonly Finding[]): Report {
  const { goroutines } = record;
  return {
    target: record.target,
    runtime: record.runtime,
    ...(record.runtimeVersion === undefined ? {} : { runtimeVersion: record.runtimeVersion }),
    captures: [
      {
        at: new Date(record.atMs).toISOString(),
        profile: "goroutine",
        total: goroutines?.total ?? 0,
        covered: goroutines?.covered ?? 0,
        truncated: goroutines?.truncated ?? false,
      },
    ],
    findings,
    notes: [],
  };
}

function renderReport(report: Report): string {
  const { stdout } = process;
  return renderTerminal(report, {
    columns: stdout.isTTY ? stdout.columns : COLUMNS_DEFAULT,
    colour: stdout.isTTY && process.env["NO_COLOR"] === undefined ? "always" : "never",
    stacks: "shown",
  }).trimEnd();
}

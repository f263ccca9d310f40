/** The failure that a leaking test ends with. */
import type { CaptureRecord } from "@watertight/capture";
import {
  formatLocation,
  renderTerminal,
  type Finding,
  type Frame,
  type Report,
} from "@watertight/finding";
import { TESTKIT_ERRORS } from "./errors.ts";
import { columnOf } from "./stack-frame.ts";

const COLUMNS_DEFAULT = 100;

/** Thrown for the test that leaks. Its message is the whole report, the worst leak in the first line. */
export class LeakError extends Error {
  override readonly name = "LeakError";
  // Runners print an error's own properties below its message, which says all of it already.
  readonly #findings: readonly Finding[];

  constructor(report: Report) {
    super(`${summarise(report)}\n${renderReport(report)}`);
    this.#findings = report.findings;
    Object.defineProperty(this, "name", { enumerable: false });
    // The runner shows the lines that leak, not those of the kit.
    this.stack = [`${this.name}: ${this.message}`, ...stackOf(report)].join("\n");
  }

  get code(): "WT_TESTKIT_LEAK" {
    return "WT_TESTKIT_LEAK";
  }

  get remedy(): string {
    return TESTKIT_ERRORS.WT_TESTKIT_LEAK.remedy;
  }

  /** Worst first, with whole paths. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }
}

/** The report of one test. */
export function reportTest(title: string, findings: readonly Finding[]): Report {
  return {
    target: `“${title}”`,
    runtime: "node",
    runtimeVersion: `node ${process.version}`,
    captures: [],
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

/** What a list of failures shows of it: `A timer is still set at src/poll.ts:12 (startPoll)`. */
function summarise(report: Report): string {
  const [worst, ...others] = report.findings;
  if (worst === undefined) return "Nothing is left";
  const place = placeOf(worst.site);
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${worst.title}${place === "" ? "" : ` at ${place}`}${more}`;
}

function placeOf(frame: Frame | undefined): string {
  if (frame === undefined) return "";
  const location = formatLocation(frame, { root: process.cwd() });
  return `${location === "" ? "an unknown line" : location} (${frame.function})`;
}

/** The worst leak's stack, in V8's format. */
function stackOf({ findings: [worst] }: Report): readonly string[] {
  if (worst?.site === undefined) return [];
  const frames = worst.evidence.find((evidence) => evidence.frames !== undefined)?.frames ?? [];
  const start = frames.findIndex((frame) => frame === worst.site || isSamePlace(frame, worst.site));
  return (start === -1 ? [worst.site] : frames.slice(start))
    .filter(({ file }) => file !== "" && !file.startsWith("node:"))
    .map((frame) => `    at ${frame.function} (${frame.file}:${frame.line}:${columnOf(frame)})`);
}

function isSamePlace(one: Frame, other: Frame | undefined): boolean {
  return one.file === other?.file && one.line === other.line && one.function === other.function;
}

function renderReport(report: Report): string {
  const { stdout } = process;
  return renderTerminal(report, {
    columns: stdout.isTTY ? stdout.columns : COLUMNS_DEFAULT,
    colour: stdout.isTTY && process.env["NO_COLOR"] === undefined ? "always" : "never",
    stacks: "shown",
    root: process.cwd(),
  }).trimEnd();
}

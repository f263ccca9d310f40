/** `watertight inspect`: captures, diagnosis, report. */
import { diagnose, type Diagnosis } from "@watertight/diagnose";
import { isAtLeast, type Report, type SourceOptions } from "@watertight/finding";
import type { CaptureKind, CaptureRecord } from "@watertight/capture";
import type { CommandContext } from "../commands/command-context.ts";
import type { InspectOptions } from "../commands/inspect.ts";
import { combineExitCodes, EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { createGoSourceReader } from "../go-sources.ts";
import { formatError, presentError } from "../present-error.ts";
import { createProjectLookup } from "../source-folder.ts";
import { createProgress, type Progress } from "../terminal/progress.ts";
import { assembleReport, isIncomplete } from "./assemble-report.ts";
import { collectCaptures } from "./collect-captures.ts";
import { writeReports } from "./write-reports.ts";

/** What came of one target. */
export interface Inspected {
  readonly report: Report;
  readonly records: readonly CaptureRecord[];
}

/** Inspects every target; one that gives nothing is said on standard error and does not stop the others. */
export async function runInspect(
  targets: readonly string[],
  options: InspectOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { surroundings } = context;
  const progress = createProgress(surroundings.stderr, { quiet: options.quiet === true });
  const inspected: Inspected[] = [];
  const codes: ExitCode[] = [];
  for (const target of targets) {
    try {
      const one = await inspectTarget(target, options, context, progress);
      inspected.push(one);
      codes.push(exitCodeOf(one, options.failOn));
    } catch (error) {
      progress.clear();
      const presented = presentError(error);
      if (presented.code === "WT_CLI_INTERNAL") throw error;
      surroundings.stderr.write(formatError(presented));
      codes.push(presented.exitCode);
    }
  }
  progress.clear();
  const code = combineExitCodes(codes);
  // Before anything is written: a reader that goes away must not hide a finding.
  context.finish(code);
  if (inspected.length > 0) {
    await writeReports(inspected, options, context, sourceOf(options, context));
  }
  return code;
}

async function inspectTarget(
  target: string,
  options: InspectOptions,
  context: CommandContext,
  progress: Progress,
): Promise<Inspected> {
  const heap = options.heap === true ? (["heap", "allocs"] as const) : [];
  const plan = {
    captures: options.captures,
    intervalMs: options.interval,
    kinds: ["goroutines", "threads", "requests", ...heap] as const,
    // One heap profile says which line called the library that started a leaked goroutine.
    lastKinds: options.heap === true ? (["leaks"] as const) : (["leaks", "heap"] as const),
  };
  const { surroundings } = context;
  const { appModule, sourceRoot } = options;
  const explain = (records: readonly CaptureRecord[]): Diagnosis => {
    progress.show("diagnosing");
    return diagnose(records, {
      readSource: createGoSourceReader(sourceRoot ?? surroundings.cwd),
      ...(appModule.length === 0 ? {} : { appModules: appModule }),
    });
  };
  const askMore = (records: readonly CaptureRecord[]): readonly CaptureKind[] =>
    canTrace(records, options.budgetMs) && explain(records).hasUnknownCallers ? ["spawns"] : [];
  const records = await collectCaptures(target, { ...plan, askMore }, options, {
    surroundings,
    progress,
  });
  const diagnosis = explain(records);
  return { report: assembleReport(records, diagnosis), records };
}

/** Where a trace begins the runtime writes down every goroutine, up to Go 1.21 while the world stands still. */
const TRACE_MS_PER_GOROUTINE = 0.004;
const TRACED_GOROUTINES_MAX = 50_000;

function canTrace(records: readonly CaptureRecord[], budgetMs = 1000): boolean {
  const last = records.at(-1);
  const total = last?.goroutines?.total ?? 0;
  const isCheap = total <= TRACED_GOROUTINES_MAX && total * TRACE_MS_PER_GOROUTINE <= budgetMs;
  return last?.runtime === "go" && isCheap;
}

function exitCodeOf({ report, records }: Inspected, failOn: InspectOptions["failOn"]): ExitCode {
  const failing = report.findings.some(
    ({ severity }) => failOn !== "never" && isAtLeast(severity, failOn),
  );
  if (failing) return EXIT_CODES.findings;
  const isOpen = failOn !== "never" && (report.undecided ?? []).length > 0;
  return isOpen || isIncomplete(records) ? EXIT_CODES.incomplete : EXIT_CODES.clean;
}

function sourceOf(options: InspectOptions, context: CommandContext): SourceOptions {
  const root = options.sourceRoot ?? context.surroundings.cwd;
  return { root, findInProject: createProjectLookup(root) };
}

/**
 * The Node half of the accuracy run: every program as a process that is looked at from outside,
 * and every program as the body of a test, beside the tools that people use today.
 */
import { diagnose } from "@watertight/diagnose";
import { findNode } from "../../e2e/real-parts.ts";
import { formatTable, listDeviations, measure, reachesTargets } from "../accuracy-table.ts";
import { type RunScore, scoreRun } from "../score.ts";
import { captureProgram, type ProgramRun } from "./capture-program.ts";
import { compilePrograms } from "./compile-programs.ts";
import { RIVALS } from "./detectors/rivals.ts";
import { WATERTIGHT } from "./detectors/watertight.ts";
import { type DumpScore, scoreDump } from "./dump-score.ts";
import { formatDumps, formatTests, listTestDeviations } from "./node-table.ts";
import { listPrograms, type ZooProgram } from "./list.ts";
import { type RunningUpstream, startUpstream } from "./process.ts";
import { isForTests, precisionOf, runDetectors, scoreTests, type TestRun } from "./test-score.ts";

const TEST_TARGETS = { recall: 0.95, precision: 0.99, siteShare: 0.98 } as const;

const DETECTORS = [WATERTIGHT, ...RIVALS];

/** What to run, and where to say how far it is. */
export interface NodeAccuracyOptions {
  /** Part of a program's name. */
  readonly only: string;
  readonly jobs: number;
  readonly level: "process" | "test" | "all";
  /** Major versions of Node that programs run on when they are looked at from outside, of those at hand. */
  readonly versions: readonly string[];
  /** Whether programs run as they were written, or as a compiler makes them. */
  readonly sources: "written" | "compiled";
  readonly agent: "registered" | "none";
  readonly progress: (text: string) => void;
}

/** Results of both levels; a level that was not run is empty. */
export interface NodeAccuracy {
  readonly processRuns: readonly RunScore[];
  readonly dumps: readonly DumpScore[];
  readonly testRuns: readonly TestRun[];
  /** What did not run, and why. */
  readonly failures: readonly string[];
}

/** Runs and scores. */
export async function scoreNode(options: NodeAccuracyOptions): Promise<NodeAccuracy> {
  using upstream = await startUpstream();
  const programs = listPrograms().filter(({ name }) => name.includes(options.only));
  const testRuns = options.level === "process" ? [] : await runTests(programs, upstream, options);
  const lasting = options.level === "test" ? [] : programs.filter((one) => isForProcess(one));
  const atProcess = options.sources === "compiled" ? compilePrograms(lasting) : lasting;
  const { runs, failures } = await captureAll(planRuns(atProcess, options), upstream, options);
  return {
    processRuns: runs.map(({ score }) => score),
    dumps: runs.map(({ dump }) => dump),
    testRuns,
    failures: [...failures, ...testRuns.flatMap(({ failure }) => failure ?? [])],
  };
}

/** A leak that a garbage collection ends is none for a tool that takes heap snapshots. */
function isForProcess({ leaks }: ZooProgram): boolean {
  return !leaks.some(({ shows }) => shows === "test-only" || shows === "vanished");
}

async function runTests(
  programs: readonly ZooProgram[],
  upstream: RunningUpstream,
  { jobs, progress }: NodeAccuracyOptions,
): Promise<readonly TestRun[]> {
  const forTests = programs.filter((program) => isForTests(program));
  const onRun = (run: TestRun): void => progress(`${run.detector}: ${run.program.name}`);
  return await runDetectors(DETECTORS, forTests, { upstream, jobs, onRun });
}

/** One program on one Node. */
interface PlannedRun {
  readonly program: ZooProgram;
  /** e.g. `Node 24`. */
  readonly runtime: string;
  readonly execPath: string;
}

function planRuns(
  programs: readonly ZooProgram[],
  { versions }: NodeAccuracyOptions,
): readonly PlannedRun[] {
  return versions.flatMap((version) => {
    const execPath = isThisNode(version) ? process.execPath : findNode(version);
    if (execPath === undefined) throw new Error(`no Node ${version} is at hand`);
    return programs.map((program) => ({ program, runtime: `Node ${version}`, execPath }));
  });
}

function isThisNode(version: string): boolean {
  return process.versions.node.startsWith(`${version}.`);
}

interface ScoredRun {
  readonly score: RunScore;
  readonly dump: DumpScore;
}

async function captureAll(
  planned: readonly PlannedRun[],
  upstream: RunningUpstream,
  { jobs, progress, agent }: NodeAccuracyOptions,
): Promise<{ readonly runs: readonly ScoredRun[]; readonly failures: readonly string[] }> {
  const runs: ScoredRun[] = [];
  const failures: string[] = [];
  let started = 0;
  async function work(): Promise<void> {
    for (let next = planned[started++]; next !== undefined; next = planned[started++]) {
      const { program, runtime, execPath } = next;
      const name = `${program.name} ${program.twin} on ${runtime}`;
      progress(`${runs.length}/${planned.length} ${name}`);
      const run = await captureProgram(program, upstream, { execPath, agent }).catch(
        (error: unknown) => String(error),
      );
      if (typeof run === "string") failures.push(`${name}: ${run}`);
      else runs.push(scoreProgram(run, runtime));
    }
  }
  await Promise.all(Array.from({ length: jobs }, () => work()));
  const order = ({ score }: ScoredRun): string =>
    `${score.service.name} ${score.service.twin} ${score.runtime}`;
  return { runs: runs.toSorted((a, b) => order(a).localeCompare(order(b))), failures };
}

function scoreProgram(run: ProgramRun, runtime: string): ScoredRun {
  const { findings } = diagnose(run.captures);
  return { score: scoreRun(run.program, runtime, findings, []), dump: scoreDump(run) };
}

/** The tables, and whether everything that was run reaches its targets. */
export function reportNode(accuracy: NodeAccuracy): {
  readonly text: string;
  readonly isReached: boolean;
} {
  const { processRuns, dumps, testRuns, failures } = accuracy;
  const parts: string[] = [];
  let isReached = failures.length === 0;
  if (processRuns.length > 0) {
    isReached &&= reachesTargets(measure(processRuns));
    parts.push("From outside, by pid", formatTable(processRuns), formatDumps(dumps));
    parts.push(listDeviations(processRuns).join("\n"));
  }
  if (testRuns.length > 0) {
    isReached &&= reachesTestTargets(testRuns);
    parts.push(
      "In a test",
      formatTests(testRuns, DETECTORS),
      listTestDeviations(testRuns).join("\n"),
    );
  }
  parts.push(failures.map((failure) => `did not run: ${failure.slice(0, 400)}`).join("\n"));
  return { text: parts.filter((part) => part !== "").join("\n\n"), isReached };
}

function reachesTestTargets(runs: readonly TestRun[]): boolean {
  const own = scoreTests(runs.filter(({ detector }) => detector === WATERTIGHT.name));
  return (
    own.found >= TEST_TARGETS.recall * own.leaks &&
    precisionOf(own) >= TEST_TARGETS.precision &&
    own.sites >= TEST_TARGETS.siteShare * own.found
  );
}

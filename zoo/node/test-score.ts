/** What test-time detectors say about the zoo's programs, held against the ground truth. */
import type { Detector, DetectorFinding } from "./detectors/detector.ts";
import { runDetector } from "./detectors/detector.ts";
import { keepResult } from "./detectors/kept-results.ts";
import type { ZooProgram } from "./list.ts";
import type { RunningUpstream } from "./process.ts";
import { nodeLoadOf } from "./truth.ts";

/** One program under one detector. */
export interface TestRun {
  readonly detector: string;
  readonly program: ZooProgram;
  readonly findings: readonly DetectorFinding[];
  /** Why the detector did not judge; then `findings` is empty. */
  readonly failure: string | undefined;
}

/** Memory that grows is no thing of a single test: such programs are left out of the comparison. */
export function isForTests(program: ZooProgram): boolean {
  return !program.group.endsWith("memory-growth");
}

/** Runs every detector on every program, `jobs` at a time. */
export async function runDetectors(
  detectors: readonly Detector[],
  programs: readonly ZooProgram[],
  options: {
    readonly upstream: RunningUpstream;
    readonly jobs: number;
    readonly onRun: (run: TestRun) => void;
  },
): Promise<readonly TestRun[]> {
  const queue = detectors.flatMap((detector) => programs.map((program) => ({ detector, program })));
  const runs: TestRun[] = [];
  let started = 0;
  async function work(): Promise<void> {
    for (let next = queue[started++]; next !== undefined; next = queue[started++]) {
      const run = await runOne(next.detector, next.program, options.upstream);
      runs.push(run);
      options.onRun(run);
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, () => work()));
  return runs;
}

async function runOne(
  detector: Detector,
  program: ZooProgram,
  upstream: RunningUpstream,
): Promise<TestRun> {
  const base = { detector: detector.name, program };
  try {
    const findings = await keepResult(detector, program.path, () =>
      runDetector(detector, program.path, {
        ...upstream.env,
        ZOO_GIVE_UP_MS: String(nodeLoadOf(program).giveUpMs),
      }),
    );
    return { ...base, findings, failure: undefined };
  } catch (error) {
    return { ...base, findings: [], failure: String(error) };
  }
}

/** A detector's score over some runs. */
export interface TestScore {
  readonly leaks: number;
  readonly found: number;
  /** Found with the marked line: the await, or the line that made the handle. */
  readonly sites: number;
  /** Found with the line that started it. */
  readonly creators: number;
  readonly healthy: number;
  readonly accused: number;
  readonly failed: number;
}

/** Adds runs up. A leak counts as found when anything at all is reported of its program. */
export function scoreTests(runs: readonly TestRun[]): TestScore {
  const leaky = runs.filter(({ program }) => program.twin === "leaky");
  const healthy = runs.filter(({ program }) => program.twin === "healthy");
  const names = (run: TestRun, kind: "sites" | "creators"): boolean => {
    const lines = new Set(run.findings.flatMap((finding) => finding.lines));
    const marked = run.program.leaks.flatMap((leak) => leak[kind]);
    return marked.some(({ file, line }) => lines.has(`${file}:${line}`));
  };
  return {
    leaks: leaky.length,
    found: leaky.filter(({ findings }) => findings.length > 0).length,
    sites: leaky.filter((run) => names(run, "sites")).length,
    creators: leaky.filter((run) => names(run, "creators")).length,
    healthy: healthy.length,
    accused: healthy.filter(({ findings }) => findings.length > 0).length,
    failed: runs.filter(({ failure }) => failure !== undefined).length,
  };
}

/** Of what was reported, the share that leaks: by program, not by finding. */
export function precisionOf({ found, accused }: TestScore): number {
  return found + accused === 0 ? 1 : found / (found + accused);
}

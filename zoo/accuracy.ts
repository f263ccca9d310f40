/**
 * Runs the zoo live, on every Go version at hand and on Node, and scores the product against the
 * ground truth.
 *
 *     npm run accuracy -- [--runtime go|node|all] [--only CAUSE] [--jobs N] [--json]
 *                         [--go 1.19,1.27] [--from series|debug2-single]
 *                         [--keep FOLDER] [--replay FOLDER]
 *                         [--level process|test|all]
 *
 * `--keep` writes the captures; `--replay` scores kept ones and runs nothing. Exits 1 below
 * the targets, or when a service contradicts its own ground truth. `--go`, `--from`, `--keep` and
 * `--replay` are of the Go half, `--level` of the Node half.
 */
import { parseArgs } from "node:util";
import { findGoToolchains } from "../e2e/real-parts.ts";
import { formatTable, listDeviations, measure, reachesTargets, TARGETS } from "./accuracy-table.ts";
import { buildZoo, type ZooBinary } from "./build.ts";
import { type CapturedRun, captureRun } from "./capture-run.ts";
import { diagnoseRun, type Evidence } from "./diagnose-run.ts";
import { contradictions } from "./ground.ts";
import { formatSuiteScore, scoreGoSuite, type SuiteScore } from "./go-suite.ts";
import { listServices, type ZooService } from "./list.ts";
import { type NodeAccuracyOptions, reportNode, scoreNode } from "./node/accuracy.ts";
import { keepRun, readRuns } from "./run-store.ts";
import { type RunScore, scoreRun } from "./score.ts";

const { values: flags } = parseArgs({
  options: {
    go: { type: "string", default: "1.19,1.26,1.27" },
    only: { type: "string", default: "" },
    from: { type: "string", default: "series" },
    runtime: { type: "string", default: "all" },
    level: { type: "string", default: "all" },
    jobs: { type: "string" },
    keep: { type: "string" },
    replay: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
if (flags.from !== "series" && flags.from !== "debug2-single")
  throw new Error(`--from is series or debug2-single, not ${flags.from}`);
const evidence: Evidence = flags.from;
const { runtime, level } = flags;
if (runtime !== "go" && runtime !== "node" && runtime !== "all")
  throw new Error(`--runtime is go, node or all, not ${runtime}`);
if (level !== "process" && level !== "test" && level !== "all")
  throw new Error(`--level is process, test or all, not ${level}`);
const services = listServices()
  .filter(({ name }) => name.includes(flags.only))
  .filter(({ truth }) => evidence === "series" || truth.load?.heap !== true);

const isGoReached = runtime === "node" || (await runGo());
const isNodeReached = runtime === "go" || flags.replay !== undefined || (await runNode(level));
if (!isGoReached || !isNodeReached) process.exitCode = 1;

async function runGo(): Promise<boolean> {
  const scores = flags.replay === undefined ? await scoreLive() : scoreKept(flags.replay);
  /** The whole run also scores the programs in Go's own tree, where that is at hand. */
  const isWhole = flags.only === "" && flags.replay === undefined;
  return report(scores, isWhole ? await scoreGoSuite() : undefined);
}

async function runNode(nodeLevel: NodeAccuracyOptions["level"]): Promise<boolean> {
  const jobs = Number(flags.jobs ?? "2");
  const accuracy = await scoreNode({ only: flags.only, jobs, level: nodeLevel, progress });
  progress("");
  const { text, isReached } = reportNode(accuracy);
  process.stdout.write(flags.json ? `${JSON.stringify(accuracy)}\n` : `${text}\n`);
  return isReached;
}

function scoreKept(folder: string): readonly RunScore[] {
  const wanted = flags.go.split(",");
  const runs = readRuns(folder, services).filter(({ go }) => wanted.includes(go));
  return runs.map((run) => score(run));
}

async function scoreLive(): Promise<readonly RunScore[]> {
  const jobs = await planJobs();
  const done: RunScore[] = [];
  const failed: string[] = [];
  let started = 0;
  async function work(): Promise<void> {
    for (let job = jobs[started++]; job !== undefined; job = jobs[started++]) {
      const result = await job.run().catch((error: unknown) => String(error));
      if (typeof result === "string") failed.push(`${job.name}: ${result}`);
      else done.push(result);
      progress(`${done.length + failed.length}/${jobs.length} ${job.name}`);
    }
  }
  await Promise.all(Array.from({ length: Number(flags.jobs ?? "8") }, () => work()));
  progress("");
  for (const failure of failed) process.stderr.write(`did not run: ${failure}\n`);
  if (failed.length > 0) process.exitCode = 1;
  return done.toSorted((a, b) => order(a).localeCompare(order(b)));
}

interface Job {
  readonly name: string;
  readonly run: () => Promise<RunScore>;
}

async function planJobs(): Promise<readonly Job[]> {
  const wanted = flags.go.split(",");
  const jobs: Job[] = [];
  for (const toolchain of findGoToolchains().filter(({ version }) => wanted.includes(version))) {
    progress(`building with Go ${toolchain.version}`);
    const runnable = services.filter((one) => runsOn(one, toolchain.version));
    const commands = [...new Set(runnable.map(({ command }) => command))];
    const binaries = new Map<string, ZooBinary>();
    for (const command of commands) binaries.set(command, await buildZoo(toolchain, command));
    for (const service of runnable) {
      const binary = binaries.get(service.command);
      if (binary === undefined) continue;
      const name = `${service.name} ${service.twin} on Go ${toolchain.version}`;
      jobs.push({ name, run: async () => score(await captureAndKeep(service, binary)) });
    }
  }
  if (jobs.length === 0) throw new Error(`nothing to run: no service or no Go for ${flags.go}`);
  return jobs;
}

async function captureAndKeep(
  ...[service, binary]: Parameters<typeof captureRun>
): Promise<CapturedRun> {
  const run = await captureRun(service, binary);
  if (flags.keep !== undefined) keepRun(flags.keep, run);
  return run;
}

function score(run: CapturedRun): RunScore {
  const findings = diagnoseRun(run, evidence);
  return scoreRun(run.service, `Go ${run.go}`, findings, contradictions(run));
}

function runsOn(service: ZooService, go: string): boolean {
  return Number(go.slice(2)) >= Number(service.minGo.slice(2));
}

function order({ service, runtime }: RunScore): string {
  return `${service.name} ${service.twin} ${runtime}`;
}

function report(scores: readonly RunScore[], suite: SuiteScore | undefined): boolean {
  const total = measure(scores);
  const deviations = listDeviations(scores);
  const isTrue = scores.every((score) => score.contradictions.length === 0);
  const isSuiteFound = suite === undefined || suite.found === suite.inDump;
  const isReached = reachesTargets(total) && isTrue && isSuiteFound;
  if (flags.json) {
    const text = JSON.stringify({
      evidence,
      targets: TARGETS,
      isReached,
      total,
      deviations,
      suite,
    });
    process.stdout.write(`${text}\n`);
    return isReached;
  }
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  process.stdout.write(
    [
      formatTable(scores),
      "",
      ...deviations,
      "",
      `recall ${percent(total.recall)} · precision ${percent(total.precision)} · ` +
        `false positives in ${percent(total.falsePositiveRate)} of healthy runs`,
      `right cause ${percent(total.causeRate)} · site ${percent(total.siteRate)} · ` +
        `creator ${percent(total.creatorRate)}`,
      ...(suite === undefined ? [] : [formatSuiteScore(suite)]),
      isReached ? "the targets are reached" : "the targets are NOT reached",
      "",
    ].join("\n"),
  );
  return isReached;
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
  else if (text !== "") process.stderr.write(`${text}\n`);
}

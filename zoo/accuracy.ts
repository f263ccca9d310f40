/**
 * Runs the zoo live, on every Go version at hand and on Node, and scores the product against the
 * ground truth.
 * `--help` says how it is called. Exits 1 below the targets, or when a service contradicts its own ground truth.
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

const USAGE = `Runs the zoo live and scores the product against the ground truth.

  npm run accuracy -- [options]

  --runtime go|node|all   which half (all)
  --only TEXT             only programs whose name contains it
  --jobs N                programs at a time (Go 8, Node 2)
  --json                  one line of JSON instead of tables
  --help                  this text

Go:
  --go 1.19,1.26,1.27     versions, of those at hand
  --from series|debug2-single
                          what the diagnosis is given (series)
  --keep FOLDER           write the captures
  --replay FOLDER         score kept captures and run nothing

Node:
  --node 22,24,26         versions, of those at hand (24)
  --level process|test|all
                          looked at from outside by pid, as the body of a test, or both (all)
  --agent                 programs looked at from outside have the agent in them
  --compiled              programs looked at from outside run as a compiler makes them

Exits 0 when the targets are reached, 1 when not, 2 when it was called wrongly.
`;

const flags = readFlags();
const evidence = oneOf("from", ["series", "debug2-single"]) satisfies Evidence;
const runtime = oneOf("runtime", ["go", "node", "all"]);
const level = oneOf("level", ["process", "test", "all"]) satisfies NodeAccuracyOptions["level"];
const services = listServices()
  .filter(({ name }) => name.includes(flags.only))
  .filter(({ truth }) => evidence === "series" || truth.load?.heap !== true);

const isGoReached = runtime === "node" || (await runGo());
const isNodeReached = runtime === "go" || flags.replay !== undefined || (await runNode(level));
if (!isGoReached || !isNodeReached) process.exitCode = 1;

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        go: { type: "string", default: "1.19,1.26,1.27" },
        node: { type: "string", default: "24" },
        only: { type: "string", default: "" },
        from: { type: "string", default: "series" },
        runtime: { type: "string", default: "all" },
        level: { type: "string", default: "all" },
        agent: { type: "boolean", default: false },
        compiled: { type: "boolean", default: false },
        jobs: { type: "string" },
        keep: { type: "string" },
        replay: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (!values.help) return values;
    process.stdout.write(USAGE);
    process.exit(0);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function oneOf<const T extends string>(
  flag: "from" | "runtime" | "level",
  allowed: readonly T[],
): T {
  const found = allowed.find((value) => value === flags[flag]);
  return found ?? refuse(`--${flag} is ${allowed.join(" or ")}, not ${flags[flag]}`);
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n\n${USAGE}`);
  process.exit(2);
}

async function runGo(): Promise<boolean> {
  const scores = flags.replay === undefined ? await scoreLive() : scoreKept(flags.replay);
  /** The whole run also scores the programs in Go's own tree, where that is at hand. */
  const isWhole = flags.only === "" && flags.replay === undefined;
  return report(scores, isWhole ? await scoreGoSuite() : undefined);
}

async function runNode(nodeLevel: NodeAccuracyOptions["level"]): Promise<boolean> {
  const jobs = Number(flags.jobs ?? "2");
  const versions = flags.node.split(",");
  const accuracy = await scoreNode({
    only: flags.only,
    jobs,
    level: nodeLevel,
    versions,
    agent: flags.agent ? "registered" : "none",
    sources: flags.compiled ? "compiled" : "written",
    progress,
  });
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

/**
 * Scores the product on the programs that ship inside Go's own source tree
 * (`runtime/testdata/testgoroutineleakprofile`), whose leaks are labelled in
 * `runtime/goroutineleakprofile_test.go`: every labelled site that is in a dump must be
 * found in it. Nothing of that tree is copied here; it is read where Go is installed.
 *
 *     npm run go-suite -w zoo
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { diagnose } from "@watertight/diagnose";
import type { Finding } from "@watertight/finding";
import { decodeGoroutineText } from "@watertight/profile";
import { findGoToolchains, type GoToolchain } from "../e2e/real-parts.ts";

const run = promisify(execFile);
const RUN_TIMEOUT_MS = 30_000;
const DUMP_BYTES_MAX = 2 ** 26;
/** Scheduling decides whether a flaky leak happens at all; it is tried this often. */
const FLAKY_RUNS = 3;
const JOBS = 4;

/** One labelled program. */
interface SuiteProgram {
  readonly name: string;
  readonly binary: string;
  readonly isFlaky: boolean;
  /** Each over `bottomFunction(args) [wait reason]`. */
  readonly leaks: readonly RegExp[];
}

/** What came of it. */
export interface SuiteScore {
  readonly programs: number;
  /** Labelled sites in the tree. */
  readonly labelled: number;
  /** Of those, how many some dump held: flaky ones may not happen. */
  readonly inDump: number;
  /** Of those, how many the product found from the dump as it is, with the runtime's marks. */
  readonly found: number;
  /**
   * And from the same dump without the runtime's `(leaked)` marks, strictly judged. Most programs
   * start one goroutine from main and dump at once, which without the marks is any start-up worker.
   */
  readonly foundUnmarked: number;
  /** `Program: cause` for each finding in a program that leaks nothing. */
  readonly falsePositives: readonly string[];
  /** `Program: pattern` for each that was in a dump and not found. */
  readonly missed: readonly string[];
}

/** The tree of the newest Go that has it, or undefined. */
async function findGoSuite(): Promise<{ toolchain: GoToolchain; runtime: string } | undefined> {
  for (const toolchain of findGoToolchains().toReversed()) {
    const { stdout } = await run(toolchain.go, ["env", "GOROOT"], { env: goEnv() });
    const runtime = join(stdout.trim(), "src", "runtime");
    if (existsSync(join(runtime, "testdata", "testgoroutineleakprofile")))
      return { toolchain, runtime };
  }
  return undefined;
}

function goEnv(): NodeJS.ProcessEnv {
  return { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-buildvcs=false" };
}

/** Builds and runs every program of the tree; undefined where no such tree is at hand. */
export async function scoreGoSuite(): Promise<SuiteScore | undefined> {
  const suite = await findGoSuite();
  if (suite === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "watertight-go-suite-"));
  try {
    const binaries = await buildPrograms(suite.toolchain, suite.runtime, folder);
    const labels = readFileSync(join(suite.runtime, "goroutineleakprofile_test.go"), "utf8");
    const programs = readLabels(labels, binaries);
    return await scorePrograms(programs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface SuiteBinaries {
  readonly patterns: string;
  readonly goker: string;
}

/** Built outside of GOROOT, where their frames would count as the standard library's. */
async function buildPrograms(
  toolchain: GoToolchain,
  runtime: string,
  folder: string,
): Promise<SuiteBinaries> {
  const source = join(folder, "src");
  mkdirSync(source);
  cpSync(join(runtime, "testdata", "testgoroutineleakprofile"), source, { recursive: true });
  writeFileSync(join(source, "go.mod"), `module suite\n\ngo ${toolchain.version}\n`);
  const patterns = join(folder, "patterns");
  const goker = join(folder, "goker");
  const options = { cwd: source, env: goEnv() };
  await run(toolchain.go, ["build", "-o", patterns, "."], options);
  await run(toolchain.go, ["build", "-o", goker, "./goker"], options);
  return { patterns, goker };
}

/** Reads `makeTest("Name", \`pattern\`, …)` and `makeFlakyTest(…)` out of the Go test. */
function readLabels(source: string, binaries: SuiteBinaries): readonly SuiteProgram[] {
  const gokerStart = source.indexOf("gokerTestCases :=");
  const code = source.replaceAll(/^\s*\/\/.*$/gm, (comment) => " ".repeat(comment.length));
  return [...code.matchAll(/make(Flaky)?Test\("(\w+)"((?:,\s*`[^`]*`)*),?\s*\)/g)].map((match) => ({
    name: match[2] ?? "",
    isFlaky: match[1] !== undefined,
    binary: match.index > gokerStart ? binaries.goker : binaries.patterns,
    leaks: [...(match[3] ?? "").matchAll(/`([^`]*)`/g)].map(
      ([, pattern]) => new RegExp(pattern ?? ""),
    ),
  }));
}

async function scorePrograms(programs: readonly SuiteProgram[]): Promise<SuiteScore> {
  const scores: ProgramScore[] = [];
  const queue = [...programs];
  async function work(): Promise<void> {
    for (let program = queue.shift(); program !== undefined; program = queue.shift())
      scores.push(await scoreProgram(program));
  }
  await Promise.all(Array.from({ length: JOBS }, () => work()));
  const sum = (of: (score: ProgramScore) => number): number =>
    scores.reduce((total, score) => total + of(score), 0);
  return {
    programs: programs.length,
    labelled: programs.reduce((total, { leaks }) => total + leaks.length, 0),
    inDump: sum(({ inDump }) => inDump.size),
    found: sum(({ found }) => found.size),
    foundUnmarked: sum(({ foundUnmarked }) => foundUnmarked.size),
    falsePositives: scores.flatMap(({ falsePositives }) => falsePositives),
    missed: scores.flatMap((score) => listMissed(score)).toSorted(),
  };
}

interface ProgramScore {
  readonly program: SuiteProgram;
  readonly inDump: Set<RegExp>;
  readonly found: Set<RegExp>;
  readonly foundUnmarked: Set<RegExp>;
  readonly falsePositives: string[];
}

function listMissed({ program, inDump, found }: ProgramScore): readonly string[] {
  const missed = [...inDump].filter((leak) => !found.has(leak));
  return missed.map(({ source }) => `${program.name}: ${source}`);
}

async function scoreProgram(program: SuiteProgram): Promise<ProgramScore> {
  const score: ProgramScore = {
    program,
    inDump: new Set(),
    found: new Set(),
    foundUnmarked: new Set(),
    falsePositives: [],
  };
  for (let round = 0; round < (program.isFlaky ? FLAKY_RUNS : 1); round += 1) {
    const dump = await runProgram(program);
    if (dump.includes("goroutine ")) judgeDump(score, dump);
  }
  return score;
}

async function runProgram(program: SuiteProgram): Promise<string> {
  const env = {
    ...process.env,
    GODEBUG: "asyncpreemptoff=1",
    ...(program.isFlaky ? {} : { GOMAXPROCS: "1" }),
  };
  const options = { env, timeout: RUN_TIMEOUT_MS, maxBuffer: DUMP_BYTES_MAX };
  const { stdout } = await run(program.binary, [program.name], options);
  return stdout;
}

function judgeDump(score: ProgramScore, dump: string): void {
  const marked = findingsOf(dump, {});
  const unmarked = findingsOf(dump.replaceAll(" (leaked)", ""), { expect: "nothing-left" });
  if (score.program.leaks.length === 0)
    score.falsePositives.push(...marked.map(({ cause }) => `${score.program.name}: ${cause}`));
  for (const block of dump.split(/\n\n+(?=goroutine \d+ )/)) {
    const leak = score.program.leaks.find((pattern) => pattern.test(describeBlock(block)));
    if (leak === undefined || !block.includes("(leaked)")) continue;
    score.inDump.add(leak);
    if (marked.some((finding) => isIn(finding, block))) score.found.add(leak);
    if (unmarked.some((finding) => isIn(finding, block))) score.foundUnmarked.add(leak);
  }
}

function findingsOf(dump: string, options: Parameters<typeof diagnose>[1]): readonly Finding[] {
  const goroutines = decodeGoroutineText(new TextEncoder().encode(dump));
  return diagnose([{ atMs: 0, goroutines }], options).findings;
}

/** What the labels are written over: the bottom function, without `main.`, and the wait reason. */
function describeBlock(block: string): string {
  const lines = block.split("\n");
  const reason = (/\[[^\]]*\]/.exec(lines[0] ?? "")?.[0] ?? "").replace(" (leaked)", "");
  const created = lines.findLastIndex((line) => line.startsWith("created by"));
  return `${(lines[created - 2] ?? "").replace(/^main\./, "")} ${reason}`;
}

/** The finding's site is a line of the goroutine's stack. */
function isIn(finding: Finding, block: string): boolean {
  const { site } = finding;
  if (site === undefined) return false;
  const place = `${site.file}:${site.line}`;
  return block.split("\n").some((line) => line.trim().split(" ")[0] === place);
}

/** The score in a few lines. */
export function formatSuiteScore(score: SuiteScore): string {
  return [
    `Go's own suite: ${score.labelled} labelled sites in ${score.programs} programs, ${score.inDump} of them in a dump`,
    `found ${score.found}/${score.inDump} (without the runtime's marks ${score.foundUnmarked}/${score.inDump})`,
    ...score.missed.map((miss) => `  not found: ${miss}`),
    ...score.falsePositives.map((finding) => `  found where nothing leaks: ${finding}`),
  ].join("\n");
}

if (import.meta.filename === process.argv[1]) {
  const score = await scoreGoSuite();
  process.stdout.write(
    score === undefined
      ? `no Go tree with testgoroutineleakprofile is at hand\n`
      : `${formatSuiteScore(score)}\n`,
  );
  process.exitCode = score !== undefined && score.found < score.inDump ? 1 : 0;
}

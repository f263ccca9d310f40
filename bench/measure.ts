/**
 * Runs contestants on the same input, each run in a process of its own, taking turns,
 * and reports the medians of what each cost. Processes of their own, because a heap that
 * another contestant grew or a compiler that another one warmed up would decide the race.
 *
 * A script contestant does its work inside {@link reportCost}, which measures just that
 * work. A command contestant is measured whole, from `/proc` (Linux).
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A TypeScript or JavaScript file that calls {@link reportCost} once. */
export interface ScriptContestant {
  readonly name: string;
  readonly script: URL;
  readonly args: readonly string[];
}

/** Any program, e.g. `go tool pprof -top file`. */
export interface CommandContestant {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type Contestant = ScriptContestant | CommandContestant;

/** Medians over the runs. */
export interface Measurement {
  readonly name: string;
  /** User and system time of every thread, garbage collector and compiler included. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Largest resident set of the process. */
  readonly peakRssMb: number;
  /** What the work answered, to show that all did the same. */
  readonly result: string;
}

type Cost = Omit<Measurement, "name">;

const RUNS = 5;
const CLOCK_TICKS_PER_SECOND = 100;
const POLL_MS = 20;
/** Node compiles its TypeScript loader in the background; that is nobody's work to pay for. */
const QUIET_MS = 250;

/** Measures every contestant `runs` times (default 5), in turns. */
export async function measure(
  contestants: readonly Contestant[],
  options: { readonly runs?: number } = {},
): Promise<readonly Measurement[]> {
  const costs = new Map<string, Cost[]>(contestants.map(({ name }) => [name, []]));
  for (let run = 0; run < (options.runs ?? RUNS); run++) {
    for (const contestant of contestants) {
      const cost =
        "script" in contestant ? await runScript(contestant) : await runCommand(contestant);
      costs.get(contestant.name)!.push(cost);
    }
  }
  return contestants.map(({ name }) => ({ name, ...medianOf(costs.get(name)!) }));
}

/** In a contestant's script: does the work once and hands its cost to {@link measure}. */
export async function reportCost(work: () => unknown): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, QUIET_MS);
  });
  const cpuBefore = process.cpuUsage();
  const wallBefore = performance.now();
  const answer = await work();
  const wallMs = performance.now() - wallBefore;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cost: Cost = {
    cpuMs: (user + system) / 1000,
    wallMs,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    result: String(answer),
  };
  console.log(JSON.stringify(cost));
}

/** A table, and how many times as much the others cost as the first. */
export function renderMeasurements(title: string, measurements: readonly Measurement[]): string {
  const [first] = measurements;
  const width = Math.max(...measurements.map(({ name }) => name.length));
  const rows = measurements.map(({ name, cpuMs, wallMs, peakRssMb, result }) =>
    [
      `  ${name.padEnd(width)}`,
      `${cpuMs.toFixed(0).padStart(7)} ms CPU ${ratio(cpuMs, first!.cpuMs)}`,
      `${wallMs.toFixed(0).padStart(7)} ms wall`,
      `${peakRssMb.toFixed(0).padStart(6)} MB peak ${ratio(peakRssMb, first!.peakRssMb)}`,
      result,
    ].join("  "),
  );
  return [title, ...rows].join("\n");
}

function ratio(cost: number, base: number): string {
  return `(${(cost / base).toFixed(1)}×)`.padStart(8);
}

async function runScript({ name, script, args }: ScriptContestant): Promise<Cost> {
  const { output } = await finish(name, process.execPath, [script.pathname, ...args], {});
  return JSON.parse(output.trim().split("\n").at(-1)!) as Cost;
}

async function runCommand({ name, command, args, env }: CommandContestant): Promise<Cost> {
  const ticksBefore = childTicks();
  const wallBefore = performance.now();
  const { output, peakRssMb } = await finish(name, command, args, env ?? {});
  const ticks = childTicks() - ticksBefore;
  return {
    cpuMs: (ticks * 1000) / CLOCK_TICKS_PER_SECOND,
    wallMs: performance.now() - wallBefore,
    peakRssMb,
    result: `${output.length} bytes`,
  };
}

/** User and system time of every child that has ended, theirs included, in clock ticks. */
function childTicks(): number {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]!.split(" ");
  return Number(fields[13]) + Number(fields[14]);
}

function finish(
  name: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ output: string; peakRssMb: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let complaint = "";
    let peakRssMb = 0;
    const polling = setInterval(() => {
      peakRssMb = Math.max(peakRssMb, treeRssMb(child.pid!));
    }, POLL_MS);
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (complaint += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(polling);
      if (code === 0) resolve({ output, peakRssMb });
      else reject(new Error(`${name} ended with ${code}: ${complaint.slice(0, 2000)}`));
    });
  });
}

/** Peak so far of the largest process in the tree below `pid`. */
function treeRssMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const own = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    // Any thread may have started a child, as those of the go command do.
    const children = readdirSync(`/proc/${pid}/task`)
      .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"))
      .flatMap((ids) => ids.trim().split(" "))
      .filter((id) => id !== "");
    return Math.max(own, ...children.map((id) => treeRssMb(Number(id))));
  } catch {
    return 0;
  }
}

function medianOf(costs: readonly Cost[]): Cost {
  const median = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return {
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
    wallMs: median(costs.map(({ wallMs }) => wallMs)),
    peakRssMb: median(costs.map(({ peakRssMb }) => peakRssMb)),
    result: costs[0]!.result,
  };
}

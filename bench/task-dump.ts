/**
 * How long a task profile through the agent makes a lean process stand still: the worst gap
 * between two turns of its event loop, and the sum of all gaps of 10 ms and more. Each round is a
 * process of its own, because the first profile of a process costs more than those after it.
 *
 *     npx node --conditions=watertight-source bench/task-dump.ts                   10,000 and 100,000
 *     npx node --conditions=watertight-source bench/task-dump.ts 10000 --rounds 9 --node 24
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readAgentAddress } from "@watertight/capture";
import { findNode, NODE_MAJORS } from "../e2e/real-parts.ts";
import { projectRoot } from "../e2e/house/source-tree.ts";
import { runStep } from "../scripts/run-step.ts";

/** What one profile cost. */
interface Dump {
  readonly heapMb: number;
  readonly peakMb: number;
  readonly worstMs: number;
  /** What the main thread worked in a standstill: other programs cannot spoil it. */
  readonly worstCpuMs: number;
  readonly sumMs: number;
  readonly wholeMs: number;
  readonly cpuMs: number;
}

/** What was promised of the worst standstill, in milliseconds, by suspended functions. */
const WORST_MS_MAX: ReadonlyMap<number, number> = new Map([
  [10_000, 150],
  [100_000, 1000],
]);
const DUMPS = 3;

/** Compiling and settling down are nobody's standstill. */
const SETTLE_MS = 500;

const script = fileURLToPath(new URL("task-dump-process.mjs", import.meta.url));
const register = new URL("../packages/agent/dist/register.js", import.meta.url).href;

/** What the process counted since it was asked the last time. */
async function tell(child: ChildProcess): Promise<Omit<Dump, "wholeMs">> {
  child.send("tell");
  const [cost] = (await once(child, "message")) as [Omit<Dump, "wholeMs">];
  return cost;
}

async function takeDumps(node: string, count: number): Promise<readonly Dump[]> {
  const child = fork(script, [String(count)], {
    execPath: node,
    execArgv: [`--import=${register}`],
    env: { ...process.env, NODE_OPTIONS: "", WATERTIGHT_STANDSTILL_MS: "60000" },
  });
  try {
    await once(child, "message");
    const agent = await readAgentAddress(child.pid as number);
    if (agent === undefined) throw new Error("the agent did not start");
    const dumps: Dump[] = [];
    for (let dump = 0; dump < DUMPS; dump++) {
      await sleep(SETTLE_MS);
      await tell(child);
      const startMs = performance.now();
      const answer = await fetch(`${agent.url}/goroutine?debug=2`, {
        headers: { authorization: `Bearer ${agent.token}` },
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      dumps.push({ ...(await tell(child)), wholeMs: performance.now() - startMs });
    }
    return dumps;
  } finally {
    child.kill("SIGKILL");
  }
}

function median(dumps: readonly Dump[], column: keyof Dump): number {
  const values = dumps.map((dump) => dump[column]).toSorted((a, b) => a - b);
  return values[values.length >> 1] ?? Number.NaN;
}

function render(name: string, dumps: readonly Dump[], worstMsMax: number | undefined): string {
  const show = (column: keyof Dump): string => median(dumps, column).toFixed(0);
  const best = Math.min(...dumps.map(({ worstMs }) => worstMs)).toFixed(0);
  const promise = worstMsMax === undefined ? "" : ` (at most ${worstMsMax})`;
  return (
    `  ${name.padEnd(12)} worst standstill ${show("worstMs").padStart(5)} ms${promise}, best round ${best}, ` +
    `its work ${show("worstCpuMs")}, in sum ${show("sumMs")}, whole ${show("wholeMs")}, CPU of all threads ${show("cpuMs")}, peak ${show("peakMb")} MB`
  );
}

const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, node: { type: "string" } },
  allowPositionals: true,
});
const counts = positionals.length === 0 ? [10_000, 100_000] : positionals.map(Number);

const built = await runStep("build", ["npx", "tsc", "-b", "packages/agent"], {
  folder: projectRoot,
});
if (!built.ok) process.exit(1);

for (const major of values.node === undefined ? NODE_MAJORS : [values.node]) {
  const node = findNode(major);
  if (node === undefined) {
    console.log(`Node ${major} is not here: .ci/install-node brings it.`);
    continue;
  }
  for (const count of counts) {
    const rounds: (readonly Dump[])[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      rounds.push(await takeDumps(node, count));
    }
    const first = rounds.flatMap((dumps) => dumps.slice(0, 1));
    const later = rounds.flatMap((dumps) => dumps.slice(1));
    const promise = WORST_MS_MAX.get(count);
    console.log(
      `Node ${major}, ${count} suspended functions, ${median(first, "heapMb").toFixed(0)} MB of heap, median of ${rounds.length} rounds`,
    );
    console.log(render("first dump", first, promise));
    console.log(render("later dumps", later, promise));
  }
}

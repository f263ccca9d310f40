/**
 * The proof that a task can never wake must never lie. Generated programs suspend tasks in every way that is
 * known here; a snapshot is taken, then each task is let go by the only thing that holds its wake-up.
 * None that goes on may have been called stuck.
 *
 * WATERTIGHT_FUZZ_RUNS raises the number of programs.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeHeapSnapshot,
  type HeapGraph,
  listSuspendedTasks,
  proveWakes,
  wakePath,
} from "../src/index.ts";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("fixtures/node/generated-programs.mjs", import.meta.url));
const PROGRAMS_EACH = 250;
const PROGRAMS = Number(process.env["WATERTIGHT_FUZZ_RUNS"] ?? 500);
const TOKEN = /^task-token-\d+$/;

interface Spec {
  readonly shape: string;
  readonly of: readonly Wait[];
}
type Wait = string | Spec;

const ONE_PART =
  "then catch finally after subclass subclassResolve adopt thenable call twice generator delegate context tried awaited".split(
    " ",
  );
const SEVERAL = ["all", "race", "any", "allSettled", "after"];

function waits(kinds: readonly string[]): fc.Arbitrary<Wait> {
  const { wait } = fc.letrec<{ wait: Wait }>((tie) => ({
    wait: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.constantFrom(...kinds),
      fc.record({ shape: fc.constantFrom(...ONE_PART), of: fc.tuple(tie("wait")) }),
      fc.record({
        shape: fc.constantFrom(...SEVERAL),
        of: fc.array(tie("wait"), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }));
  return wait;
}

interface Outcome {
  readonly started: number;
  readonly before: readonly string[];
  readonly completed: readonly string[];
}

async function runPrograms(
  specs: readonly Wait[],
  folder: string,
): Promise<{ outcome: Outcome; graph: HeapGraph }> {
  const [specPath, snapshotPath] = [join(folder, "specs.json"), join(folder, "heap.heapsnapshot")];
  await writeFile(specPath, JSON.stringify(specs));
  const { stdout } = await run(
    process.execPath,
    ["--no-warnings", PROGRAM, specPath, snapshotPath],
    {
      maxBuffer: 1 << 26,
    },
  );
  return {
    outcome: JSON.parse(stdout) as Outcome,
    graph: decodeHeapSnapshot(await readFile(snapshotPath)),
  };
}

/** The token among a suspended task's registers. */
function tokenOf(graph: HeapGraph, task: number): string | undefined {
  const seen = [task];
  for (let depth = 0, from = 0; depth < 2; depth++) {
    const until = seen.length;
    for (; from < until; from++) {
      const node = seen[from] as number;
      for (
        let edge = graph.edgeStart[node] as number;
        edge < (graph.edgeStart[node + 1] as number);
        edge++
      ) {
        const to = graph.edgeTo[edge] as number;
        const name = graph.strings.at(graph.nodeName[to] as number);
        if (TOKEN.test(name)) return name;
        const edgeName = graph.strings.at(graph.edgeName[edge] as number);
        if (edgeName === "parameters_and_registers") seen.push(to);
      }
    }
  }
  return undefined;
}

interface Verdicts {
  readonly suspended: number;
  readonly lies: readonly string[];
}

function judge(graph: HeapGraph, { completed, before }: Outcome): Verdicts {
  const tasks = listSuspendedTasks(graph);
  const proof = proveWakes(graph, tasks.promiseNodes);
  const done = new Set(completed);
  const earlier = new Set(before);
  const lies: string[] = [];
  let suspended = 0;
  for (let row = 0; row < tasks.count; row++) {
    const node = tasks.node[row] as number;
    const token = tokenOf(graph, node);
    if (token === undefined || earlier.has(token)) continue;
    suspended++;
    if (proof.isLive[node] === 0 && done.has(token)) {
      const path = wakePath(graph, proof, node);
      lies.push(`${token} was called stuck and completed (${path.length} steps)`);
    }
  }
  return { suspended, lies };
}

test(
  `of ${PROGRAMS} generated programs, no task that goes on is called stuck`,
  { timeout: 120_000 + PROGRAMS * 100 },
  async () => {
    const { stdout } = await run(process.execPath, ["--no-warnings", PROGRAM, "--kinds"]);
    const kinds = JSON.parse(stdout) as readonly string[];
    const seed = Number(process.env["WATERTIGHT_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    const specs = [
      // Every kind once, by itself; then what chance makes of them.
      ...kinds,
      ...fc.sample(waits(kinds), { numRuns: Math.max(0, PROGRAMS - kinds.length), seed }),
    ];
    const folder = await mkdtemp(join(tmpdir(), "watertight-fuzz-"));
    const lies: string[] = [];
    let suspended = 0;
    let started = 0;
    let completed = 0;
    try {
      for (let at = 0; at < specs.length; at += PROGRAMS_EACH) {
        const { outcome, graph } = await runPrograms(specs.slice(at, at + PROGRAMS_EACH), folder);
        const verdicts = judge(graph, outcome);
        lies.push(...verdicts.lies.map((lie) => `seed ${seed}, programs from ${at}: ${lie}`));
        suspended += verdicts.suspended;
        started += outcome.started;
        completed += outcome.completed.length;
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    expect(lies).toEqual([]);
    // A check that looked at nothing would pass as well.
    expect(suspended).toBeGreaterThan(specs.length / 2);
    expect(completed).toBeGreaterThan(started * 0.95);
  },
);

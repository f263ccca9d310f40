/**
 * From a pprof file to the list of top functions: this project and `go tool pprof -top`; and
 * the growth test over many stacks.
 *
 *     npx tsc -b && npx node bench/flame.ts [samples]
 *
 * Both are measured as whole processes, start-up included, on an inflated file.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findGo } from "../e2e/real-parts.ts";
import { measure, renderMeasurements, type Measurement } from "./measure.ts";
import { generatePprof } from "./profile-generator.ts";

/** What the project promises: at least this many times less CPU time than `go tool pprof -top`. */
export const TOP_TARGET_RATIO = 10;
/** And at most this much CPU time for the growth test. */
export const GROWTH_TARGET_MS = 250;

const GROWTH_NODES = 50_000;
const GROWTH_CAPTURES = 60;
/** A leak makes its callers grow too: one stack in fifty is many. */
const GROWTH_LEAKING = 0.02;

/** What the file holds, and which work is timed on it. */
interface TopCase {
  readonly stacks: string;
  /** See the generator. */
  readonly skew: number;
  /** The contestants that do this project's work, by what it is. */
  readonly scripts: Readonly<Record<string, string>>;
}

const INTO_TREE = "top-watertight.ts";
const OF_SAMPLES = "top-of-samples-watertight.ts";

/**
 * Stacks that share callers as those of one service do, about four tree nodes a sample. And stacks of which nearly each
 * is one of its own: their tree is larger than the samples and reaches its limit of nodes, so they are summed as they
 * are as well, which is exact.
 */
const TOP_CASES: readonly TopCase[] = [
  { stacks: "shared callers", skew: 40, scripts: { "watertight, call tree": INTO_TREE } },
  {
    stacks: "nearly unique stacks",
    skew: 2.5,
    scripts: { "watertight, samples": OF_SAMPLES, "watertight, call tree": INTO_TREE },
  },
];

interface RunOptions {
  readonly samples?: number;
  /** Default 1: at two million samples, one run of `go tool pprof` takes minutes. */
  readonly runs?: number;
}

/** Measures and prints every case; answers each one's measurements, this project first, or none without Go. */
export async function runTop(
  options: RunOptions = {},
): Promise<readonly (readonly Measurement[])[]> {
  const go = findGo();
  if (!go) {
    console.log("Top functions: not measured for want of Go");
    return [];
  }
  const measured: (readonly Measurement[])[] = [];
  for (const each of TOP_CASES) measured.push(await raceTop(each, go.go, options));
  return measured;
}

async function raceTop(
  { stacks, skew, scripts }: TopCase,
  go: string,
  options: RunOptions,
): Promise<readonly Measurement[]> {
  const samples = options.samples ?? 2_000_000;
  const folder = mkdtempSync(join(tmpdir(), "watertight-bench-"));
  try {
    const file = join(folder, "cpu.pb");
    const bytes = generatePprof({ samples, skew });
    writeFileSync(file, bytes);
    const own = Object.entries(scripts).map(([name, script]) => ({
      name,
      command: process.execPath,
      args: [fileURLToPath(new URL(`contestants/${script}`, import.meta.url)), file],
    }));
    const everything = ["-nodecount=1000000", "-nodefraction=0", "-edgefraction=0"];
    const measurements = await measure(
      [
        ...own,
        {
          name: "go tool pprof -top",
          command: go,
          args: ["tool", "pprof", "-symbolize=none", "-top", ...everything, file],
          env: { GOTOOLCHAIN: "local" },
        },
      ],
      { runs: options.runs ?? 1 },
    );
    const size = `${samples.toLocaleString("en")} samples, ${(bytes.length / 2 ** 20).toFixed(0)} MiB, ${stacks}`;
    console.log(renderMeasurements(`Top functions of a pprof file (${size})`, measurements));
    return measurements;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many times as much CPU time the peer, which is last, takes as the slowest of this project's. */
export function leastRatioOf(race: readonly Measurement[]): number {
  const own = race.slice(0, -1).map(({ cpuMs }) => cpuMs);
  return (race.at(-1)?.cpuMs ?? Infinity) / Math.max(...own);
}

/** Measures and prints the growth test. */
export async function runGrowth(options: { readonly runs?: number } = {}): Promise<Measurement> {
  const script = new URL("contestants/growth-watertight.ts", import.meta.url);
  const args = [GROWTH_NODES, GROWTH_CAPTURES, GROWTH_LEAKING].map(String);
  const measurements = await measure([{ name: "watertight", script, args }], {
    runs: options.runs ?? 3,
  });
  const size = `${GROWTH_NODES.toLocaleString("en")} stacks × ${GROWTH_CAPTURES} captures`;
  console.log(renderMeasurements(`Growth test (${size})`, measurements));
  return measurements[0]!;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const races = await runTop({ samples: Number(process.argv[2] ?? 2_000_000) });
  const isFast = races.every((race) => leastRatioOf(race) >= TOP_TARGET_RATIO);
  if (races.length > 0)
    console.log(`  target ${TOP_TARGET_RATIO}×: ${isFast ? "reached" : "MISSED"}`);
  const isQuick = (await runGrowth()).cpuMs <= GROWTH_TARGET_MS;
  console.log(`  target ${GROWTH_TARGET_MS} ms: ${isQuick ? "reached" : "MISSED"}`);
  process.exitCode = isFast && isQuick ? 0 : 1;
}

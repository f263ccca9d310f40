/**
 * What the testkit costs a suite, whole, with and without it, taking turns: a real one (two of
 * the project's own rooms) and the worst there is, tests of nothing but microtasks. Each round
 * runs both, in turns the other way round, and gives one ratio; their median and spread are told.
 *
 *     npx node --conditions=watertight-source bench/testkit-overhead.ts [rounds]
 */
import { fileURLToPath } from "node:url";
import { type CommandContestant, type Measurement, measure } from "./measure.ts";

/** At most this many times the wall of the bare suite. */
export const TESTKIT_RATIO_MAX = 1.3;

const ROUNDS = 5;

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const config = fileURLToPath(new URL("contestants/testkit-suite.config.ts", import.meta.url));

/** A median with the smallest and the largest of its rounds. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** A suite's cost with the testkit, as multiples of that without. */
export interface SuiteRatios {
  readonly wall: Spread;
  readonly cpu: Spread;
}

/** Runs a suite with and without the testkit, `rounds` times each. */
export async function measureSuite(
  suite: "real" | "pure",
  rounds: number = ROUNDS,
): Promise<SuiteRatios> {
  const ratios: { wall: number; cpu: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { on, off } = await runRound(suite, round % 2 === 0 ? ["off", "on"] : ["on", "off"]);
    console.log(
      `${suite} round ${round + 1}: bare ${tell(off)}, with the testkit ${tell(on)}, ${(on.wallMs / off.wallMs).toFixed(2)}× the wall`,
    );
    ratios.push({ wall: on.wallMs / off.wallMs, cpu: on.cpuMs / off.cpuMs });
  }
  return {
    wall: spreadOf(ratios.map(({ wall }) => wall)),
    cpu: spreadOf(ratios.map(({ cpu }) => cpu)),
  };
}

async function runRound(
  suite: string,
  order: readonly ("off" | "on")[],
): Promise<{ readonly on: Measurement; readonly off: Measurement }> {
  const args = ["--conditions=watertight-source", vitest, "run", "-c", config, "--reporter=dot"];
  const contestants = order.map((state): CommandContestant => ({
    name: state,
    command: process.execPath,
    args,
    env: { TESTKIT: state, SUITE: suite },
  }));
  const measured = await measure(contestants, { runs: 1 });
  const find = (state: string): Measurement => {
    const found = measured.find(({ name }) => name === state);
    if (found === undefined) throw new Error(`the suite did not run with the testkit ${state}`);
    return found;
  };
  return { on: find("on"), off: find("off") };
}

function tell({ wallMs, cpuMs }: Measurement): string {
  return `${wallMs.toFixed(0)} ms (${cpuMs.toFixed(0)} ms CPU)`;
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return {
    median: at(Math.floor(sorted.length / 2)),
    least: at(0),
    most: at(sorted.length - 1),
  };
}

function tellSpread({ median, least, most }: Spread): string {
  return `${median.toFixed(2)}× (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

if (import.meta.main) {
  const rounds = Number(process.argv[2] ?? ROUNDS);
  for (const suite of ["pure", "real"] as const) {
    const { wall, cpu } = await measureSuite(suite, rounds);
    const what = suite === "pure" ? "tests of nothing but microtasks take" : "a real suite takes";
    console.log(`${what} ${tellSpread(wall)} the wall and ${tellSpread(cpu)} the CPU`);
    if (suite === "real") process.exitCode = wall.median <= TESTKIT_RATIO_MAX ? 0 : 1;
  }
}

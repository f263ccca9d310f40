/**
 * What the testkit costs a real suite: three of the project's own, whole, with and without it,
 * taking turns. `pure` is the worst there is: a test of nothing but microtasks.
 *
 *     npx node --conditions=watertight-source bench/testkit-overhead.ts [runs]
 */
import { fileURLToPath } from "node:url";
import { checkBody } from "../packages/testkit/src/index.ts";
import { measure } from "./measure.ts";

/** At most this many times the wall of the bare suite. */
export const TESTKIT_RATIO_MAX = 1.3;

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const config = fileURLToPath(new URL("contestants/testkit-suite.config.ts", import.meta.url));

/** Wall and CPU of the suites with the testkit, as multiples of those without. */
export async function runSuites(
  runs?: number,
): Promise<{ readonly wall: number; readonly cpu: number }> {
  const args = ["--conditions=watertight-source", vitest, "run", "-c", config, "--reporter=dot"];
  const contestants = ["off", "on"].map((state) => ({
    name: `testkit ${state}`,
    command: process.execPath,
    args,
    env: { TESTKIT: state },
  }));
  const [bare, watched] = await measure(contestants, runs === undefined ? {} : { runs });
  if (bare === undefined || watched === undefined) throw new Error("nothing was measured");
  for (const { name, wallMs, cpuMs } of [bare, watched]) {
    console.log(`${name}: ${wallMs.toFixed(0)} ms wall, ${cpuMs.toFixed(0)} ms CPU`);
  }
  return { wall: watched.wallMs / bare.wallMs, cpu: watched.cpuMs / bare.cpuMs };
}

async function awaitMany(count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) await Promise.resolve();
}

/** Nanoseconds of an await, bare and watched. */
async function timeAwaits(): Promise<{ readonly bare: number; readonly watched: number }> {
  const time = async (count: number): Promise<number> => {
    const startMs = performance.now();
    await awaitMany(count);
    return ((performance.now() - startMs) * 1e6) / count;
  };
  await time(100_000);
  const bare = await time(100_000);
  let watched = 0;
  await checkBody(async () => {
    watched = await time(100_000);
  });
  return { bare, watched };
}

if (import.meta.main) {
  const { bare, watched } = await timeAwaits();
  console.log(`pure: an await is ${bare.toFixed(0)} ns bare and ${watched.toFixed(0)} ns watched`);
  const { wall, cpu } = await runSuites(Number(process.argv[2] ?? 5));
  console.log(`a real suite takes ${wall.toFixed(2)}× the wall and ${cpu.toFixed(2)}× the CPU`);
  process.exitCode = wall <= TESTKIT_RATIO_MAX ? 0 : 1;
}

/**
 * `npm run bench`: every promise of speed, measured in one run beside the named peers. Peers
 * that are not at hand are named, not silently left out. Exits with 1 when a promise is missed.
 *
 *     npm run bench                 all of it, about 15 minutes for the slowest peer
 *     npm run bench -- decode dump  only those
 */
import { runStep } from "../scripts/run-step.ts";
import { projectRoot } from "../e2e/house/source-tree.ts";
import { GROWTH_TARGET_MS, leastRatioOf, runGrowth, runTop, TOP_TARGET_RATIO } from "./flame.ts";
import { INSPECT_PEAK_RSS_MB_MAX, INSPECT_WALL_MS_MAX, runInspect } from "./inspect-dump.ts";
import { run as runDecode, TARGET_RATIO } from "./pprof-decode.ts";

interface Promised {
  /** What was promised, as a sentence with the number measured. */
  readonly sentence: string;
  readonly kept: boolean;
}

const races: Readonly<Record<string, () => Promise<Promised>>> = {
  async dump() {
    const { wallMs, peakRssMb } = await runInspect();
    return {
      sentence: `a million goroutines inspected in ${(wallMs / 1000).toFixed(1)} s (at most 5) with ${peakRssMb.toFixed(0)} MB (at most ${INSPECT_PEAK_RSS_MB_MAX})`,
      kept: wallMs <= INSPECT_WALL_MS_MAX && peakRssMb <= INSPECT_PEAK_RSS_MB_MAX,
    };
  },
  async decode() {
    const [own, peer] = await runDecode();
    const ratio = (peer?.cpuMs ?? 0) / (own?.cpuMs ?? 1);
    return {
      sentence: `pprof decoded ${ratio.toFixed(1)}× faster than pprof-format (at least ${TARGET_RATIO}×)`,
      kept: ratio >= TARGET_RATIO,
    };
  },
  async growth() {
    const { cpuMs } = await runGrowth();
    return {
      sentence: `growth of 50,000 stacks over 60 captures tested in ${cpuMs.toFixed(0)} ms (at most ${GROWTH_TARGET_MS})`,
      kept: cpuMs <= GROWTH_TARGET_MS,
    };
  },
  async top() {
    const ratios = (await runTop()).map(leastRatioOf);
    const least = Math.min(...ratios);
    return {
      sentence: `pprof to top functions ${ratios.map((ratio) => `${ratio.toFixed(0)}×`).join(" and ")} faster than go tool pprof (at least ${TOP_TARGET_RATIO}×)`,
      kept: ratios.length > 0 && least >= TOP_TARGET_RATIO,
    };
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in races));
if (unknown.length > 0) {
  console.error(`There is no race called ${unknown.join(", ")}: ${Object.keys(races).join(", ")}.`);
  process.exit(2);
}

const built = await runStep("build", ["npx", "tsc", "-b", "packages/cli"], { folder: projectRoot });
if (!built.ok) process.exit(1);

const outcomes: Promised[] = [];
for (const [name, race] of Object.entries(races)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log();
  outcomes.push(await race());
}

console.log();
for (const { sentence, kept } of outcomes)
  console.log(`${kept ? "kept  " : "MISSED"}  ${sentence}`);
process.exitCode = outcomes.every(({ kept }) => kept) ? 0 : 1;

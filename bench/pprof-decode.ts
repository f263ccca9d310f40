/**
 * Decoding a pprof file: this project and the npm package pprof-format.
 *
 *     npx tsc -b && npx node bench/pprof-decode.ts [samples]
 *
 * Both run what their packages publish (JavaScript), cold, in a process of their own.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { measure, renderMeasurements, type Measurement } from "./measure.ts";
import { generatePprof } from "./profile-generator.ts";

/** What the project promises: at least this many times less CPU time than pprof-format. */
export const TARGET_RATIO = 6;

/** Measures and prints; answers the measurements, this project first. */
export async function run(
  options: { readonly samples?: number; readonly runs?: number } = {},
): Promise<readonly Measurement[]> {
  const samples = options.samples ?? 500_000;
  const folder = mkdtempSync(join(tmpdir(), "watertight-bench-"));
  try {
    const file = join(folder, "cpu.pb");
    const bytes = generatePprof({ samples });
    writeFileSync(file, bytes);
    const contestants = ["watertight", "pprof-format"].map((name) => ({
      name,
      script: new URL(`contestants/decode-${name}.ts`, import.meta.url),
      args: [file],
    }));
    const measurements = await measure(contestants, { runs: options.runs ?? 5 });
    const size = `${samples.toLocaleString("en")} samples, ${(bytes.length / 2 ** 20).toFixed(0)} MiB`;
    console.log(renderMeasurements(`Decoding a pprof file (${size})`, measurements));
    return measurements;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [ours, theirs] = await run({ samples: Number(process.argv[2] ?? 500_000) });
  const ratio = theirs!.cpuMs / ours!.cpuMs;
  console.log(`  target ${TARGET_RATIO}×: ${ratio >= TARGET_RATIO ? "reached" : "MISSED"}`);
  process.exitCode = ratio >= TARGET_RATIO ? 0 : 1;
}

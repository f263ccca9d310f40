/**
 * `watertight inspect` of a `debug=2` dump of a million goroutines, about 850 MB: the whole
 * command, start-up, diagnosis and report included.
 *
 *     npx tsc -b && npx node bench/inspect-dump.ts [goroutines]
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { withGeneratedDump } from "./generate-dump.ts";
import { measure, renderMeasurements, type Measurement } from "./measure.ts";

/** What the project promises. */
export const INSPECT_WALL_MS_MAX = 5000;
export const INSPECT_PEAK_RSS_MB_MAX = 150;

/** Measures and prints. */
export async function runInspect(
  options: { readonly goroutines?: number; readonly runs?: number } = {},
): Promise<Measurement> {
  return await withGeneratedDump(options.goroutines ?? 1_000_000, async (file, size) => {
    const published = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url));
    const args = [published, "inspect", file, "--fail-on", "never"];
    const contestants = [{ name: "watertight inspect", command: process.execPath, args }];
    const measurements = await measure(contestants, { runs: options.runs ?? 3 });
    console.log(renderMeasurements(`Inspecting a goroutine dump (${size})`, measurements));
    return measurements[0]!;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await runInspect({ goroutines: Number(process.argv[2] ?? 1_000_000) });
}

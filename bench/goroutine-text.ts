/**
 * Decoding a `debug=2` dump of a million goroutines, about 850 MB, from a file.
 *
 *     npx tsc -b && npx node bench/goroutine-text.ts [goroutines]
 */
import { pathToFileURL } from "node:url";
import { withGeneratedDump } from "./generate-dump.ts";
import { measure, renderMeasurements, type Measurement } from "./measure.ts";

/** A whole inspection may take five seconds and 150 MB. */
export const WALL_MS_MAX = 4000;
export const PEAK_RSS_MB_MAX = 150;

/** Measures and prints. */
export async function run(
  options: { readonly goroutines?: number; readonly runs?: number } = {},
): Promise<Measurement> {
  return await withGeneratedDump(options.goroutines ?? 1_000_000, async (file, size) => {
    const script = new URL("contestants/decode-goroutines-watertight.ts", import.meta.url);
    const contestants = [{ name: "watertight", script, args: [file] }];
    const measurements = await measure(contestants, { runs: options.runs ?? 3 });
    console.log(renderMeasurements(`Decoding a goroutine dump (${size})`, measurements));
    return measurements[0]!;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { wallMs, peakRssMb } = await run({ goroutines: Number(process.argv[2] ?? 1_000_000) });
  const isReached = wallMs <= WALL_MS_MAX && peakRssMb <= PEAK_RSS_MB_MAX;
  console.log(
    `  target ${WALL_MS_MAX} ms, ${PEAK_RSS_MB_MAX} MB: ${isReached ? "reached" : "MISSED"}`,
  );
  process.exitCode = isReached ? 0 : 1;
}

/** Recorded series of real Go services, decoded. `record-series.ts` makes them. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { decodeGoroutineText, decodePprof } from "@watertight/profile";
import type { RawCapture } from "../../../zoo/capture-run.ts";
import type { Observation } from "../src/observation.ts";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "fixtures", "series");

/** One recording, e.g. `channel-send-early-return-leaky`. */
export function readRecorded(name: string): Observation[] {
  const text = gunzipSync(readFileSync(join(FOLDER, `${name}.json.gz`))).toString("utf8");
  const captures = JSON.parse(text) as (Omit<RawCapture, "heap"> & { readonly heap?: string })[];
  return captures.map(({ heap, ...rest }) =>
    heap === undefined
      ? decodeCapture(rest)
      : decodeCapture({ ...rest, heap: Buffer.from(heap, "base64") }),
  );
}

/** A raw capture as the diagnosis takes it. */
export function decodeCapture(capture: RawCapture): Observation {
  const { atMs, goroutines, heap, requestsServed } = capture;
  return {
    atMs,
    goroutines: decodeGoroutineText(new TextEncoder().encode(goroutines)),
    ...(heap && { heap: decodePprof(gunzipSync(heap)).profile }),
    ...(requestsServed !== undefined && { requestsServed }),
  };
}

/** Runs the product on a captured run, as `watertight inspect` would on the live service. */
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { diagnose, type Observation } from "@watertight/diagnose";
import type { Finding } from "@watertight/finding";
import { decodeGoroutineText, decodePprof } from "@watertight/profile";
import { createGoSourceReader } from "../packages/cli/src/go-sources.ts";
import type { CapturedRun, RawCapture } from "./capture-run.ts";

/** The sources of the zoo are at hand, as a service's are where it is built. */
const readSource = createGoSourceReader(join(import.meta.dirname, "go"));

/** What the product is given: the whole series, or its last capture alone. */
export type Evidence = "series" | "debug2-single";

/** The findings for one run. */
export function diagnoseRun(run: CapturedRun, evidence: Evidence): readonly Finding[] {
  const captures = evidence === "series" ? run.captures : run.captures.slice(-1);
  const observations = captures.map((capture) => observe(capture));
  return diagnose(observations, { readSource }).findings;
}

function observe(capture: RawCapture): Observation {
  const goroutines = decodeGoroutineText(new TextEncoder().encode(capture.goroutines));
  return {
    atMs: capture.atMs,
    goroutines,
    ...(capture.heap && { heap: decodePprof(gunzipSync(capture.heap)).profile }),
    ...(capture.requestsServed !== undefined && { requestsServed: capture.requestsServed }),
  };
}

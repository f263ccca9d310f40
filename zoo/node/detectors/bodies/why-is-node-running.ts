/**
 * why-is-node-running after the body.
 *
 *     node why-is-node-running.ts PROGRAM    → a line of JSON: its entries, frames included
 */
import "./open-output.ts";
import whyIsNodeRunning from "why-is-node-running";
import { runBody } from "../../drive.ts";
import { loadProgram } from "../../program.ts";
import { GIVE_UP_MS, REST_MS, TEST_REQUESTS } from "./requests.ts";

/** Its report in entries: each a type and the frames that made it. */
function listEntries(): readonly string[] {
  const lines: string[] = [];
  whyIsNodeRunning({ error: (line = "") => void lines.push(String(line)) });
  return lines.join("\n").split("\n# ").slice(1);
}

// It can be asked only once: asking ends its tracing.
await runBody(await loadProgram(process.argv[2] ?? ""), TEST_REQUESTS, GIVE_UP_MS);
await new Promise((resolve) => setTimeout(resolve, REST_MS));
process.stdout.write(`${JSON.stringify(listEntries())}\n`, () => process.exit());

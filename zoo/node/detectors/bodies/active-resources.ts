/**
 * The diff that people write by hand: types of `process.getActiveResourcesInfo()` before and after.
 *
 *     node active-resources.ts PROGRAM    → a line of JSON: what grew, without a place
 */
import process from "node:process";
import { runBody } from "../../drive.ts";
import { loadProgram } from "../../program.ts";
import { GIVE_UP_MS, REST_MS, TEST_REQUESTS } from "./requests.ts";

function tally(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

const program = await loadProgram(process.argv[2] ?? "");
const before = tally();
await runBody(program, TEST_REQUESTS, GIVE_UP_MS);
await new Promise((resolve) => setTimeout(resolve, REST_MS));
const grown = [...tally()].filter(([type, count]) => count > (before.get(type) ?? 0));
process.stdout.write(`${JSON.stringify(grown.map(([type, count]) => `${count} ${type}`))}\n`, () =>
  process.exit(),
);

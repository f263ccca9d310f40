/** Runs every body under the kit and prints what it says, one JSON line each: for other Nodes. */
import { readFileSync } from "node:fs";
import { checkBody, maxWaitMs } from "@watertight/testkit";
import { HEALTHY } from "./healthy.ts";
import { LEAKY } from "./leaky.ts";
import { startServer } from "./server.ts";

const stop = await startServer();
const [only] = process.argv.slice(2);

const lineOf = (site: { file: string; line: number } | undefined): string =>
  site === undefined
    ? ""
    : (readFileSync(site.file, "utf8").split("\n")[site.line - 1] ?? "").trim();

async function judge(name: string, run: (cleanUp: (step: () => unknown) => void) => unknown) {
  if (only !== undefined && !name.includes(only)) return;
  const steps: (() => unknown)[] = [];
  const findings = await checkBody(() => run((step) => void steps.push(step)), maxWaitMs(80));
  for (const step of steps) await step();
  const found = findings.map(({ cause, site, title }) => ({ cause, title, line: lineOf(site) }));
  console.log(JSON.stringify({ name, found }));
  if (only !== undefined) console.log(JSON.stringify(findings, null, 1));
}

for (const { name, run } of LEAKY) await judge(name, run);
for (const [name, run] of Object.entries(HEALTHY)) await judge(name, run);
stop();
process.exit();

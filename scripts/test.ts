/**
 * `npm test`: every suite, then a list of what could not run for want of a real part.
 * With `WATERTIGHT_REQUIRE=all` a missing part or a skipped test is a failure.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../e2e/house/source-tree.ts";
import { listRealParts } from "../e2e/real-parts.ts";
import { runStep } from "./run-step.ts";

interface JsonResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const isEverythingRequired = process.env["WATERTIGHT_REQUIRE"] === "all";
const folder = mkdtempSync(join(tmpdir(), "watertight-test-"));
const resultsFile = join(folder, "results.json");

const run = await runStep(
  "tests",
  [
    "npx",
    "vitest",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${resultsFile}`,
    ...process.argv.slice(2),
  ],
  { folder: projectRoot },
);

const results = JSON.parse(readFileSync(resultsFile, "utf8")) as JsonResults;
rmSync(folder, { recursive: true });

const skipped = results.numPendingTests + results.numTodoTests;
const missing = listRealParts().filter((part) => part.path === undefined);

for (const part of missing) {
  console.log(`not run for want of ${part.name}; to bring it: ${part.bring}`);
}
if (skipped > 0) {
  for (const file of results.testResults) {
    const titles = file.assertionResults.filter((each) => each.status === "skipped");
    if (titles.length > 0) console.log(`skipped ${titles.length} in ${file.name}`);
  }
}
console.log(
  `\n${results.numPassedTests} passed, ${results.numFailedTests} failed, ${skipped} skipped`,
);

const isIncomplete = isEverythingRequired && (skipped > 0 || missing.length > 0);
if (isIncomplete) console.log("Everything is required here, so what was skipped is a failure.");
process.exitCode = run.ok && !isIncomplete ? 0 : 1;

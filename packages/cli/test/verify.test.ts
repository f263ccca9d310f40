import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runWatertight, scratchFolder } from "./run-watertight.ts";

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));
const leaky = `${fixtures}leaky-series`;
const healthy = `${fixtures}healthy-series`;

async function reportOf(target: string, path: string): Promise<string> {
  const { stdout } = await runWatertight(["inspect", target, "--json"]);
  writeFileSync(path, stdout);
  return path;
}

test("the same leak again is still growing", async () => {
  using folder = scratchFolder();
  const before = await reportOf(leaky, `${folder}/before.json`);
  const { code, stdout } = await runWatertight(["verify", "--before", before, leaky]);
  expect(code).toBe(1);
  expect(stdout).toContain("1 leak still growing in");
  expect(stdout).toMatch(/STILL GROWING .+send/);
  expect(stdout).toContain("open first   /srv/quotes/main.go:40");
});

test("captures stand in for a report, and JSON says the same", async () => {
  const { code, stdout } = await runWatertight(["verify", "--before", leaky, leaky, "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ target: leaky, status: "still-growing" });
});

test("after the fix the leak is not growing, and the answer says how sure that is", async () => {
  using folder = scratchFolder();
  const before = await reportOf(leaky, `${folder}/before.json`);
  const { code, stdout } = await runWatertight(["verify", "--before", before, healthy, "--json"]);
  const { leaks, status } = JSON.parse(stdout);
  expect(["converged", "not-enough-data"]).toContain(status);
  expect(code).toBe(status === "converged" ? 0 : 4);
  expect(leaks[0]).toMatchObject({ observed: 0 });
  expect(leaks[0].text).toMatch(/^[A-Z].+\.$/);
});

test.each([
  ["{}", "WT_FINDING_SCHEMA"],
  ["[1,", "WT_FINDING_NOT_JSON"],
  ["[]", "WT_CLI_INPUT_FAILED"],
  ["nonsense", "WT_CAPTURE_FILE_UNKNOWN"],
])("a report that is %s is refused with %s", async (text, expected) => {
  using folder = scratchFolder();
  writeFileSync(`${folder}/before.json`, text);
  const { code, stderr } = await runWatertight([
    "verify",
    "--before",
    `${folder}/before.json`,
    leaky,
  ]);
  expect(code).toBeGreaterThanOrEqual(2);
  expect(stderr).toContain(expected);
});

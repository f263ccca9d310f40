import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderSarif, renderSonar } from "../src/index.ts";
import { arbitraryReport } from "./examples/arbitrary-report.ts";
import { cleanReport, leakyReport } from "./examples/report.ts";

const root = "/srv/orders";

/** The schema that OASIS published; it is of draft 4, whose `id` and `$schema` newer validators refuse. */
function compileSchema() {
  const path = new URL("fixtures/sarif-2.1.0.schema.json", import.meta.url);
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, "utf8"));
  return new Ajv({
    strict: false,
    validateFormats: false,
    unicodeRegExp: false,
    allErrors: true,
  }).compile(schema);
}

const isSarif = compileSchema();

test("the schema refuses what is no SARIF", () => {
  expect(isSarif({ version: "2.1.0", runs: [{}] })).toBe(false);
});

test("SARIF reads like the golden", async () => {
  const text = renderSarif([leakyReport, cleanReport], { root, version: "0.1.0" });
  await expect(text).toMatchFileSnapshot("goldens/report.sarif");
  expect(isSarif(JSON.parse(text)), JSON.stringify(isSarif.errors)).toBe(true);
});

test("whatever the report, the log is valid and its URIs are relative", () => {
  fc.assert(
    fc.property(arbitraryReport, (report) => {
      const log = JSON.parse(renderSarif([report], { root }));
      expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
      for (const uri of urisOf(log.runs)) {
        expect(uri).toMatch(/^(?:[A-Za-z0-9\-._~!'()*]|%[0-9A-F]{2}|\/)*$/);
        expect(uri).not.toMatch(/^\/|(?:^|\/)\.\.?(?:\/|$)/);
      }
    }),
  );
});

test("several reports of one service keep one rule a cause", () => {
  const log = JSON.parse(renderSarif([leakyReport, leakyReport], { root }));
  expect(log.runs[0].tool.driver.rules).toHaveLength(4);
  expect(log.runs[0].results).toHaveLength(8);
  for (const result of log.runs[0].results) {
    expect(log.runs[0].tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
  }
});

test("Sonar's generic issues read like the golden", async () => {
  const { text, omitted } = renderSonar([leakyReport], { root });
  await expect(text).toMatchFileSnapshot("goldens/report.sonar.json");
  expect(omitted.map(({ cause }) => cause)).toEqual(["sql-pool-exhausted"]);
});

test("a file that was built elsewhere is found in the project", () => {
  const options = {
    root: "/home/me/orders",
    findInProject: (file: string) =>
      file.startsWith("/srv/orders/") ? file.slice("/srv/orders/".length) : undefined,
  };
  const { text } = renderSonar([leakyReport], options);
  expect(JSON.parse(text).issues[0].primaryLocation.filePath).toBe("internal/store/orders.go");
  expect(renderSarif([leakyReport], options)).toContain('"uri": "internal/store/orders.go"');
});

test("every Sonar issue has a file of the project and a known rule", () => {
  fc.assert(
    fc.property(arbitraryReport, (report) => {
      const { text, omitted } = renderSonar([report], { findInProject: () => "main.go" });
      const { rules, issues } = JSON.parse(text);
      expect(issues.length + omitted.length).toBe(report.findings.length);
      for (const issue of issues) {
        expect(issue.primaryLocation.filePath).not.toBe("");
        expect(rules.some((rule: { id: string }) => rule.id === issue.ruleId)).toBe(true);
      }
    }),
  );
});

function urisOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "uri" && typeof inner === "string" ? [inner] : urisOf(inner),
  );
}

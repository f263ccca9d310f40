import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  checkReport,
  FINDING_ERRORS,
  FindingError,
  parseReports,
  renderJson,
  type Report,
} from "../src/index.ts";
import { arbitraryReport } from "./examples/arbitrary-report.ts";
import { cleanReport, leakyReport } from "./examples/report.ts";

test("a report reads like the golden", async () => {
  await expect(renderJson([leakyReport])).toMatchFileSnapshot("goldens/report.json");
});

test("one report is an object, several are an array", () => {
  expect(JSON.parse(renderJson([cleanReport]))).toEqual(cleanReport);
  expect(JSON.parse(renderJson([cleanReport, leakyReport]))).toEqual([cleanReport, leakyReport]);
  expect(renderJson([])).toBe("[]\n");
});

test("the order of keys does not depend on how a report was built", () => {
  const turned = Object.fromEntries(Object.entries(leakyReport).toReversed()) as unknown as Report;
  expect(renderJson([turned])).toBe(renderJson([leakyReport]));
});

test("every report survives being written and read", () => {
  fc.assert(
    fc.property(arbitraryReport, (report) => {
      const text = renderJson([report]);
      expect(renderJson(parseReports(text))).toBe(text);
    }),
  );
});

function errorOf(read: () => unknown): FindingError {
  try {
    read();
  } catch (error) {
    if (error instanceof FindingError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test.each([
  ["$", 3],
  ["$", null],
  ["$.target", {}],
  ["$.runtime", { target: "x", runtime: "cobol" }],
  ["$.captures[0].at", { ...cleanReport, captures: [{ ...cleanReport.captures[0], at: "noon" }] }],
  [
    "$.findings[0].severity",
    { ...leakyReport, findings: [{ ...leakyReport.findings[0], severity: "bad" }] },
  ],
  [
    "$.findings[0].confidence",
    { ...leakyReport, findings: [{ ...leakyReport.findings[0], confidence: 2 }] },
  ],
  [
    "$.findings[0].fix.docs",
    { ...leakyReport, findings: [{ ...leakyReport.findings[0], fix: { summary: "x" } }] },
  ],
  ["$.notes[0]", { ...cleanReport, notes: [7] }],
])("what is wrong is named by its path, %s", (path, value) => {
  const error = errorOf(() => checkReport(value));
  expect(error).toMatchObject({ code: "WT_FINDING_SCHEMA", path });
  expect(error.message).toContain(path);
  expect(error.message).toContain(FINDING_ERRORS.WT_FINDING_SCHEMA.remedy);
});

test("what a later version adds is dropped, and missing notes are none", () => {
  const { notes: _, ...old } = cleanReport;
  expect(checkReport({ ...old, extra: 1, __proto__: { findings: 1 } })).toEqual(cleanReport);
});

test("a text cut at any byte is a coded error", () => {
  const text = renderJson([leakyReport]).trimEnd();
  for (let length = 0; length < text.length; length += 1) {
    expect(errorOf(() => parseReports(text.slice(0, length))).code).toBe("WT_FINDING_NOT_JSON");
  }
});

test("any JSON value is a report or a coded error", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      try {
        parseReports(text);
      } catch (error) {
        expect(error).toBeInstanceOf(FindingError);
      }
    }),
  );
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  compareSeverity,
  distinguishFindings,
  isAtLeast,
  nestEffects,
  SEVERITIES,
  sortFindings,
  type FindingTree,
} from "../src/index.ts";
import { arbitraryReport } from "./examples/arbitrary-report.ts";
import {
  heapGrowth,
  leakyReport,
  nilChannel,
  poolExhausted,
  rowsNeverClosed,
} from "./examples/report.ts";

test("critical comes before low", () => {
  expect([...SEVERITIES].toSorted(compareSeverity)).toEqual(["critical", "high", "medium", "low"]);
  expect(isAtLeast("critical", "high")).toBe(true);
  expect(isAtLeast("high", "high")).toBe(true);
  expect(isAtLeast("medium", "high")).toBe(false);
});

test("the worst finding comes first", () => {
  expect(sortFindings(leakyReport.findings)).toEqual([
    rowsNeverClosed,
    poolExhausted,
    nilChannel,
    heapGrowth,
  ]);
});

test("an effect stands under its cause", () => {
  const trees = nestEffects(leakyReport.findings);
  expect(trees.map(({ finding }) => finding)).toEqual([rowsNeverClosed, nilChannel, heapGrowth]);
  expect(trees[0]?.effects).toEqual([{ finding: poolExhausted, effects: [] }]);
});

test("every finding appears exactly once, whatever the effects say", () => {
  fc.assert(
    fc.property(arbitraryReport, ({ findings }) => {
      const flatten = (trees: readonly FindingTree[]): unknown[] =>
        trees.flatMap((tree) => [tree.finding, ...flatten(tree.effects)]);
      const nested = flatten(nestEffects(findings));
      expect(nested).toHaveLength(findings.length);
      expect(new Set(nested)).toEqual(new Set(findings));
    }),
  );
});

test("findings that share a fingerprint get an id each, by line", () => {
  const second = { ...nilChannel, site: { ...nilChannel.site!, line: 99 } };
  const ids = distinguishFindings([second, nilChannel, heapGrowth]).map(({ id }) => id);
  expect(ids).toEqual([`${nilChannel.id}-2`, nilChannel.id, heapGrowth.id]);
});

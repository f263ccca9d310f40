import { describe, expect, test } from "vitest";
import { diagnoseHeapSeries } from "../src/heap/diagnose-heap-series.ts";
import { observeStore, type Store } from "./simulated-heap.ts";
import { Chance } from "./simulated-process.ts";

const SERIES = 200;
const KIB = 1024;

function accused(store: Store, captures: number, perCapture = 15): number {
  const chance = new Chance(20_260_301);
  let count = 0;
  for (let series = 0; series < SERIES; series++) {
    const observations = observeStore(store, { captures, perCapture }, chance);
    if (diagnoseHeapSeries(observations).length > 0) count++;
  }
  return count / SERIES;
}

describe("a bounded cache that has filled up early in the series", () => {
  test.each([
    ["few large entries", { objectBytes: 256 * KIB, missRate: 0.9, entriesMax: 30 }, 9],
    ["many hits", { objectBytes: 256 * KIB, missRate: 0.5, entriesMax: 20 }, 9],
    ["smaller entries", { objectBytes: 64 * KIB, missRate: 1, entriesMax: 40 }, 9],
    ["a shorter series", { objectBytes: 256 * KIB, missRate: 0.9, entriesMax: 20 }, 6],
    ["a longer series", { objectBytes: 128 * KIB, missRate: 0.9, entriesMax: 60 }, 20],
  ] as const)("is accused in 1 series of 200 at most: %s", (_, store, captures) => {
    expect(accused(store, captures)).toBeLessThanOrEqual(0.005);
  });
});

describe("a store without a bound", () => {
  test.each([
    ["large entries", { objectBytes: 256 * KIB, missRate: 0.9, entriesMax: 1e9 }, 9],
    ["a shorter series", { objectBytes: 256 * KIB, missRate: 1, entriesMax: 1e9 }, 6],
    ["smaller entries", { objectBytes: 64 * KIB, missRate: 1, entriesMax: 1e9 }, 24],
  ] as const)("is found in 98 series of 100 at least: %s", (_, store, captures) => {
    expect(accused(store, captures)).toBeGreaterThanOrEqual(0.98);
  });
});

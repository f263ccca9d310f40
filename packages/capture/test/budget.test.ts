import type { GoroutineDump, GoroutineGroup } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_CAPTURE_BUDGET,
  estimateLeakCost,
  estimateTextBytes,
  estimateTextCost,
  fillBudget,
  findExceeded,
} from "../src/budget.ts";

function dumpOf(...counts: readonly number[]): GoroutineDump {
  const frame = { function: "main.(*Server).handle.func1", file: "/srv/app/server.go", line: 10 };
  const groups = counts.map((count): GoroutineGroup => ({
    count,
    state: "chan receive",
    frames: [frame, frame, frame],
    elidedFrames: 0,
    createdBy: undefined,
    labels: {},
    ids: new Float64Array(),
    age: { minMinutes: 0, maxMinutes: 0, stamped: 0 },
    leaked: 0,
    lockedToThread: 0,
    bubbled: 0,
    creatorCount: 0,
    witnesses: [],
  }));
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    format: "pprof",
    runtime: "go",
    leakProfile: false,
    total,
    covered: total,
    truncated: false,
    groups,
    problems: [],
  };
}

describe("the cost of debug=2", () => {
  test("is what was measured: 76 s for 600,000 goroutines of 1 KB, 64 MiB of text", () => {
    const cost = estimateTextCost(600_000);
    expect(cost.standstillMs).toBeGreaterThan(70_000);
    expect(cost.standstillMs).toBeLessThan(85_000);
    expect(cost.bytes).toBe(67_108_864);
  });

  test("is one pass over a text below 1 MiB, and grows with every doubling", () => {
    expect(estimateTextCost(0).standstillMs).toBe(0);
    expect(estimateTextCost(1_000).standstillMs).toBeCloseTo(18.4, 0);
    const costs = [1, 2, 4, 8, 16, 32, 64, 128].map((n) => estimateTextCost(n * 1_000));
    for (const [index, cost] of costs.entries()) {
      const before = costs[index - 1]?.standstillMs ?? 0;
      expect(cost.standstillMs).toBeGreaterThan(before);
    }
  });

  test("follows the stacks of the grouped profile: short ones allow more goroutines", () => {
    const bytes = estimateTextBytes(dumpOf(10_000));
    expect(bytes / 10_000).toBeGreaterThan(200);
    expect(bytes / 10_000).toBeLessThan(600);
    expect(findExceeded(estimateTextCost(10_000, bytes), DEFAULT_CAPTURE_BUDGET)).toBeUndefined();
    expect(findExceeded(estimateTextCost(20_000), DEFAULT_CAPTURE_BUDGET)).toBe("standstillMs");
  });
});

test("the leak profile costs the square of the largest group", () => {
  const budget = DEFAULT_CAPTURE_BUDGET;
  expect(estimateLeakCost(dumpOf(40_000)).standstillMs).toBeGreaterThan(4_900);
  expect(findExceeded(estimateLeakCost(dumpOf(40_000)), budget)).toBe("standstillMs");
  expect(findExceeded(estimateLeakCost(dumpOf(5_000, 5_000, 5_000)), budget)).toBeUndefined();
});

test("a budget is filled with defaults, and refused where it is none", () => {
  expect(fillBudget({ timeMs: 5 })).toEqual({ ...DEFAULT_CAPTURE_BUDGET, timeMs: 5 });
  expect(fillBudget({ standstillMs: 0 }).standstillMs).toBe(0);
  for (const budget of [{ timeMs: 0 }, { bytesMax: Number.NaN }, { standstillMs: -1 }]) {
    expect(() => fillBudget(budget)).toThrow(
      expect.objectContaining({ code: "WT_CAPTURE_OPTION_INVALID" }),
    );
  }
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { studentTail, testDrift } from "../src/drift.ts";
import { controlFalseDiscovery, measureSlope, testTrend } from "@watertight/flame";

function scoreOf(values: readonly number[]): number {
  let score = 0;
  values.forEach((late, at) => {
    for (const early of values.slice(0, at)) score += Math.sign(late - early);
  });
  return score;
}

function permutations(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]];
  return values.flatMap((first, at) =>
    permutations(values.toSpliced(at, 1)).map((rest) => [first].concat(rest)),
  );
}

describe("Mann–Kendall", () => {
  it("counts the same score as looking at every pair", () => {
    const series = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 70 });
    fc.assert(
      fc.property(series, (values) => {
        expect(testTrend(values).score).toBe(scoreOf(values));
      }),
    );
  });

  it("gives short series the p-value of all their permutations, ties included", () => {
    const series = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(series, (values) => {
        const scores = permutations(values).map(scoreOf);
        const score = scoreOf(values);
        const atLeast = scores.filter((other) => other >= score).length / scores.length;
        const expected = new Set(values).size === 1 ? 1 : atLeast;
        expect(testTrend(values).pValue).toBeCloseTo(expected, 10);
      }),
      { numRuns: 60 },
    );
  });

  it("agrees with Kendall's table: five rising captures are one order in 120", () => {
    expect(testTrend([1, 2, 3, 4, 5]).pValue).toBeCloseTo(1 / 120, 12);
    expect(testTrend([1, 2, 3, 5, 4]).pValue).toBeCloseTo(5 / 120, 12);
    expect(testTrend([5, 4, 3, 2, 1]).pValue).toBe(1);
  });

  it("approximates long series with the tie-corrected variance and continuity correction", () => {
    const values = [23, 24, 29, 6, 29, 24, 24, 29, 23, 12, 31, 29];
    // n(n−1)(2n+5) = 3828; ties of 2, 3 and 4 take 18 + 66 + 156.
    expect(testTrend(values).variance).toBeCloseTo((3828 - 18 - 66 - 156) / 18, 9);
    expect(testTrend(values).score).toBe(12);
    expect(testTrend(values).pValue).toBeCloseTo(0.218, 3);
  });

  it("sees nothing in a constant series", () => {
    expect(testTrend([7, 7, 7, 7, 7, 7]).pValue).toBe(1);
    expect(testTrend(Array.from({ length: 40 }, () => 3)).pValue).toBe(1);
  });
});

describe("Student's tail", () => {
  it.each([
    [1.812, 10, 0.05],
    [2.228, 10, 0.025],
    [4.587, 10, 0.0005],
    [2.353, 3, 0.05],
    [2.457, 30, 0.01],
  ])("beyond %f with %i degrees of freedom is the table's %f", (t, freedom, part) => {
    expect(studentTail(t, freedom) / part).toBeCloseTo(1, 1);
  });

  it("is what the mean step of a series is held against", () => {
    // Steps of 1 and 3 in turn: mean 2, deviation of the mean √(10 / 9) / √10.
    const climbing = [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20];
    expect(testDrift(climbing)).toBeCloseTo(studentTail(6, 9), 9);
    expect(testDrift(climbing.toReversed())).toBe(1);
    expect(testDrift([0, 0, 0, 0, 0, 20, 20, 20, 20, 20, 20])).toBeGreaterThan(0.1);
  });
});

describe("Theil–Sen", () => {
  it("finds the slope of a line through spikes", () => {
    const values = Array.from({ length: 30 }, (_, at) => (at % 9 === 4 ? 500 : 10 + 3 * at));
    expect(measureSlope(values)).toBeCloseTo(3, 6);
  });

  it("is the median of all pairwise slopes, at uneven times too", () => {
    const points = fc.array(
      fc.record({ value: fc.integer({ min: -50, max: 50 }), gap: fc.integer({ min: 1, max: 9 }) }),
      { minLength: 2, maxLength: 12 },
    );
    fc.assert(
      fc.property(points, (series) => {
        let now = 0;
        const times = series.map(({ gap }) => (now += gap));
        const values = series.map(({ value }) => value);
        const slopes = values
          .flatMap((late, at) =>
            values
              .slice(0, at)
              .map((early, before) => (late - early) / (times[at]! - times[before]!)),
          )
          .sort((a, b) => a - b);
        const middle = slopes.length / 2;
        const median = (slopes[Math.ceil(middle) - 1]! + slopes[Math.floor(middle)]!) / 2;
        expect(measureSlope(values, times)).toBeCloseTo(median, 10);
      }),
    );
  });
});

describe("Benjamini–Hochberg", () => {
  it("believes four of the fifteen tests of the original paper at 0.05", () => {
    const pValues = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
      0.6528, 0.759, 1,
    ];
    expect(controlFalseDiscovery(pValues, 0.05)).toEqual({ pValueMax: 0.0095, count: 4 });
  });

  it("believes nothing when nothing is small enough", () => {
    expect(controlFalseDiscovery([0.04, 0.5, 0.9], 0.05)).toEqual({ pValueMax: -1, count: 0 });
    expect(controlFalseDiscovery([0.01], 0.05, 1000).count).toBe(0);
  });
});

/** The exact tails that every verdict rests on, against sums done the long way. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countCommon, countCommonToThree, countMoved, uniteIds } from "../src/series/sorted-ids.ts";
import {
  binomialAtLeast,
  binomialAtMost,
  poissonAtMost,
  poissonBounds,
} from "../src/series/tail-probability.ts";

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}

describe("Tail probabilities", () => {
  it("of a binomial are the sum of its terms", () => {
    const cases = fc.record({
      n: fc.integer({ min: 1, max: 60 }),
      k: fc.integer({ min: 0, max: 61 }),
      p: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ n, k, p }) => {
        let expected = 0;
        for (let i = k; i <= n; i++) expected += choose(n, i) * p ** i * (1 - p) ** (n - i);
        expect(binomialAtLeast(k, n, p)).toBeCloseTo(expected, 9);
        expect(binomialAtMost(k - 1, n, p)).toBeCloseTo(1 - expected, 9);
      }),
    );
  });

  it("of a binomial hold for a million goroutines", () => {
    expect(binomialAtLeast(500_000, 1_000_000, 0.5)).toBeCloseTo(0.5, 2);
    expect(binomialAtLeast(502_000, 1_000_000, 0.5)).toBeCloseTo(3.2e-5, 5);
    expect(binomialAtLeast(1_000_000, 1_000_000, 0.5)).toBe(0);
  });

  it("of a Poisson are the sum of its terms", () => {
    const cases = fc.record({
      k: fc.integer({ min: 0, max: 80 }),
      mean: fc.double({ min: 0.01, max: 60, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ k, mean }) => {
        let term = Math.exp(-mean);
        let expected = term;
        for (let i = 1; i <= k; i++) expected += term *= mean / i;
        expect(poissonAtMost(k, mean)).toBeCloseTo(expected, 9);
      }),
    );
  });

  it("give the bounds that tables of Garwood's limits print", () => {
    expect(poissonBounds(0).upper).toBeCloseTo(2.996, 3);
    expect(poissonBounds(0).lower).toBe(0);
    expect(poissonBounds(10, 0.975).lower).toBeCloseTo(4.795, 3);
    expect(poissonBounds(10, 0.975).upper).toBeCloseTo(18.39, 2);
  });
});

describe("Sets of ids", () => {
  const ids = fc
    .uniqueArray(fc.integer({ min: 1, max: 80 }), { maxLength: 60 })
    .map((list) => Float64Array.from(list).sort());

  it("intersect as sets do", () => {
    fc.assert(
      fc.property(ids, ids, ids, (a, b, c) => {
        const inBoth = a.filter((id) => b.includes(id));
        expect(countCommon(a, b)).toBe(inBoth.length);
        expect(countCommonToThree(a, b, c)).toBe(inBoth.filter((id) => c.includes(id)).length);
        const gone = a.filter((id) => !b.includes(id));
        expect(countMoved(a, b, c)).toBe(gone.filter((id) => c.includes(id)).length);
        expect(uniteIds([a, b])).toEqual(Float64Array.from([...a, ...b]).sort());
      }),
    );
  });
});

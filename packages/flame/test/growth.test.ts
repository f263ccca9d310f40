import { describe, expect, it } from "vitest";
import { readLoad, testGrowth, type GrowthMatrix } from "@watertight/flame";
import { noise, seeded } from "./series-of.ts";

function matrixOf(
  nodes: number,
  captures: number,
  value: (node: number, capture: number) => number,
): GrowthMatrix {
  const values = new Float64Array(nodes * captures);
  for (let node = 0; node < nodes; node++) {
    for (let capture = 0; capture < captures; capture++) {
      values[node * captures + capture] = value(node, capture);
    }
  }
  return { nodes, captures, values };
}

describe("the growth test", () => {
  it("finds the leaking stacks among thousands, and hardly any other", () => {
    const random = seeded(7);
    const test = testGrowth(
      matrixOf(5000, 60, (node, capture) => {
        const size = 100 + node;
        const leak = node % 100 === 0 ? size * 0.02 * capture : 0;
        return size + leak + size * 0.1 * noise(random);
      }),
    );
    const found = test.grown.map(({ node }) => node);
    expect(found.filter((node) => node % 100 === 0).length).toBeGreaterThanOrEqual(49);
    expect(found.filter((node) => node % 100 !== 0).length).toBeLessThanOrEqual(1);
    expect(test.tested).toBe(5000);
  });

  it("finds nothing in noise, over many seeds", () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seeded(seed);
      const captures = 6 + seed * 4;
      const test = testGrowth(matrixOf(500, captures, () => 100 + 10 * noise(random)));
      expect(test.grownCount, `seed ${seed}`).toBe(0);
    }
  });

  it("knows a sampled leak from a walk, in a dozen captures of either", () => {
    const found = (step: (random: () => number) => number): number => {
      let grown = 0;
      for (let seed = 0; seed < 200; seed++) {
        const random = seeded(seed);
        let held = 20;
        const one = matrixOf(1, 12, () => (held += step(random)));
        // One stack among two hundred that stay what they are, give or take.
        const rest = matrixOf(200, 12, () => 50 + noise(random));
        const values = Float64Array.of(...one.values, ...rest.values);
        const test = testGrowth({ nodes: 201, captures: 12, values });
        if (test.verdictOf(0) === "growing") grown++;
      }
      return grown / 200;
    };
    // What twenty samples, which stay, add to each capture.
    expect(found((random) => 10 + 2.2 * noise(random))).toBeGreaterThanOrEqual(0.98);
    expect(found((random) => 2.2 * noise(random))).toBeLessThanOrEqual(0.01);
  });

  it("gives slopes per hour, steepest first, and bounds what it describes", () => {
    const random = seeded(3);
    const matrix = matrixOf(10, 30, (node, capture) => 100 + node * capture + 0.2 * noise(random));
    const atMs = Array.from({ length: 30 }, (_, capture) => capture * 60_000);
    const test = testGrowth(matrix, { atMs, growthsMax: 3 });
    expect(test.grownCount).toBe(9);
    expect(test.grown.map(({ node, slope }) => [node, Math.round(slope)])).toEqual([
      [9, 540],
      [8, 480],
      [7, 420],
    ]);
    expect(test.grown[0]!.from).toBeCloseTo(109, 0);
    expect(test.grown[0]!.to).toBeCloseTo(352, 0);
  });

  it("does not count stacks that never change as tests", () => {
    expect(
      testGrowth(matrixOf(50, 8, (node, capture) => (node === 0 ? capture : 5))),
    ).toMatchObject({
      tested: 1,
      grownCount: 1,
    });
  });

  it("tells why a rising stack is no leak", () => {
    const random = seeded(11);
    const load = Array.from({ length: 60 }, (_, capture) => 100 + 2 * capture + 3 * noise(random));
    const courses: ((capture: number) => number)[] = [
      (capture) => 50 * (1 - Math.exp(-capture / 8)),
      (capture) => (capture < 40 ? 10 : 30),
      (capture) => (capture < 52 ? capture : 20),
    ];
    const rising = matrixOf(
      3,
      60,
      (node, capture) => courses[node]!(capture) + 0.3 * noise(random),
    );
    const test = testGrowth(rising);
    expect([0, 1, 2].map(test.verdictOf)).toEqual(["levels-off", "steady", "comes-back"]);
    const loaded = matrixOf(1, 60, (_, capture) => load[capture]! * 3 + 2 * noise(random));
    expect(testGrowth(loaded).verdictOf(0)).toBe("growing");
    expect(testGrowth(loaded, { load }).verdictOf(0)).toBe("load-following");
  });

  it("refuses a series that does not line up", () => {
    expect(() =>
      testGrowth(
        matrixOf(2, 6, () => 1),
        { load: [1, 2] },
      ),
    ).toThrow("WT_FLAME_SERIES_MISMATCH");
  });
});

describe("load from a counter of requests", () => {
  it("is requests per second, across restarts", () => {
    const load = readLoad([100, 400, 1000, 50], [0, 1000, 3000, 4000]);
    expect([...load]).toEqual([300, 300, 300, 50]);
  });
});

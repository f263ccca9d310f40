/** Thousands of simulated services: the healthy ones stay unaccused, the leaking ones are found. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation } from "../src/observation.ts";
import { analyseSeries } from "../src/series/analyse-series.ts";
import { dumpOf, groupOf, withoutIds, type Stack } from "./simulated-process.ts";
import { HEALTHY, LEAKING } from "./simulated-services.ts";

const HEALTHY_EACH = 200;
const LEAKING_EACH = 100;

function growingKeys(observations: Parameters<typeof analyseSeries>[0]): string[] {
  const view = analyseSeries(observations);
  return [...view.groups.values()].filter((m) => m.verdict === "growing").map(({ key }) => key);
}

describe("A healthy service is not accused", () => {
  it.each(Object.entries(HEALTHY))("with %s", (_name, make) => {
    const accused: number[] = [];
    for (let seed = 0; seed < HEALTHY_EACH; seed++)
      if (growingKeys(make(seed)).length > 0) accused.push(seed);
    expect(accused.length, `seeds ${accused.join(" ")}`).toBeLessThanOrEqual(HEALTHY_EACH / 100);
  });

  it("when six captures name nobody, whatever the service does", () => {
    const series = Object.values(HEALTHY).flatMap((make) => unnamedSixes(make, UNNAMED_SEEDS));
    const accused = series.filter((captures) => growingKeys(captures).length > 0);
    expect(accused.length).toBeLessThanOrEqual(series.length * 0.015);
  });
});

const UNNAMED_SEEDS = 120;

/** Series of six captures without ids, drawn from so many seeds. */
function unnamedSixes(make: (seed: number) => readonly Observation[], seeds: number) {
  return Array.from({ length: seeds }, (_, seed) => make(seed))
    .filter((captures) => captures.length === 6)
    .map(withoutIds);
}

describe("A leak without names", () => {
  it("is found from six captures nine times in ten, under even load and under a ramp", () => {
    const names = ["one in two requests", "under a load ramp", "beside websockets"];
    const series = names.flatMap((name) =>
      unnamedSixes((LEAKING[name] as (typeof LEAKING)[string]).make, 200),
    );
    const found = series.filter((captures) => growingKeys(captures).length > 0);
    expect(found.length).toBeGreaterThanOrEqual(series.length * 0.9);
  });
});

describe("A leak is found in three to six captures", () => {
  it.each(Object.entries(LEAKING))("%s", (_name, { site, make }) => {
    const missed: number[] = [];
    const misled: number[] = [];
    for (let seed = 0; seed < LEAKING_EACH; seed++) {
      const keys = growingKeys(make(seed));
      if (!keys.some((key) => key.includes(site))) missed.push(seed);
      if (keys.some((key) => !key.includes(site))) misled.push(seed);
    }
    expect(missed.length, `missed seeds ${missed.join(" ")}`).toBeLessThanOrEqual(
      LEAKING_EACH * 0.02,
    );
    expect(misled.length, `misled seeds ${misled.join(" ")}`).toBeLessThanOrEqual(1);
  });
});

const SEND: Stack = {
  state: "chan send",
  functions: ["main.(*search).query.func1"],
  creator: "main.(*search).query",
};
const TICKER: Stack = { state: "select", functions: ["main.tick"], creator: "main.main" };

/** A series of one group, beside a ticker and the goroutine that serves the capture: the newest. */
function seriesOf(idsPerCapture: readonly (readonly number[])[], everyMs = 1000, stack = SEND) {
  return idsPerCapture.map((ids, j) => ({
    atMs: 1_000_000 + j * everyMs,
    goroutines: dumpOf([
      groupOf(stack, ids),
      groupOf(TICKER, [2]),
      groupOf(HEAD, [(ids.at(-1) ?? 400) + 5]),
    ]),
  }));
}
const HEAD: Stack = { state: "running", functions: ["main.serve"], creator: "main.main" };

function range(from: number, to: number, step = 10): number[] {
  const ids: number[] = [];
  for (let id = from; id < to; id += step) ids.push(id);
  return ids;
}

describe("What a series says about a group", () => {
  const leak = seriesOf([range(100, 400), range(100, 900), range(100, 1900)]);
  const find = (view: ReturnType<typeof analyseSeries>, part: string) =>
    [...view.groups.values()].find(({ key }) => key.includes(part));

  it("names the rate per hour and per request, and the ids' testimony", () => {
    const counted = leak.map((observation, j) =>
      Object.assign({}, observation, { requestsServed: 500 + j * 150 }),
    );
    const group = find(analyseSeries(counted), "query");
    expect(group?.verdict).toBe("growing");
    expect(group?.growth?.perHour).toBeCloseTo((150 / 2) * 3600);
    expect(group?.growth?.perRequest).toBeCloseTo(150 / 300);
    expect(group?.growth?.pValue).toBeLessThan(1e-9);
    expect(group?.turnover).toMatchObject({ joined: 150, left: 0, survivors: 1, oldestId: 100 });
    expect(group?.reason).toBe(
      "30 → 80 → 180 goroutines in 3 captures: 150 members came, in 2 of 2 intervals, and 0 left.",
    );
  });

  it("does not take the last few members of a pool that fills for the beginning of a leak", () => {
    const early = range(100, 800);
    const fill = seriesOf([
      [...early, 1500],
      [...early, 1500, 2100, 2300],
      [...early, 1500, 2100, 2300, 3700],
      [...early, 1500, 2100, 2300, 3700, 5300, 5900],
    ]);
    expect(find(analyseSeries(fill), "query")?.verdict).toBe("warming-up");
  });

  it("accuses the stack where a leak comes to rest, and not the one that it passes on its way", () => {
    const sleeping: Stack = { ...SEND, state: "sleep" };
    const resting = [range(100, 400), range(100, 900), range(100, 1400), range(100, 1900)];
    const passing = [[400], [900], [1400], [1900]];
    const captures = resting.map((ids, j) => ({
      atMs: 1_000_000 + j * 1000,
      goroutines: dumpOf([
        groupOf(SEND, ids),
        groupOf(sleeping, passing[j] as number[]),
        groupOf(TICKER, [2]),
        groupOf(HEAD, [(ids.at(-1) as number) + 95]),
      ]),
    }));
    expect(growingKeys(captures)).toEqual([expect.stringMatching(/^chan send\|/)]);
  });

  it("says that two captures are too few, and which way they lean", () => {
    const group = find(analyseSeries(leak.slice(0, 2)), "query");
    expect(group?.verdict).toBe("too-few-captures");
    expect(group?.leaning).toBe("growing");
  });

  it("leaves out what was captured before a restart", () => {
    const before = seriesOf([range(50_000, 90_000, 100), range(50_000, 95_000, 100)]);
    const after = leak.map((observation) =>
      Object.assign({}, observation, { atMs: observation.atMs + 60_000 }),
    );
    const view = analyseSeries([...before, ...after]);
    expect(view.captures).toBe(3);
    expect(view.notes.join(" ")).toContain("restarted");
    expect(find(view, "query")?.verdict).toBe("growing");
  });

  it("tells a loop that nobody stops from one long wait by ages that start again", () => {
    const minutes = 5;
    const aged = (own: number) =>
      seriesOf([range(100, 400), range(100, 900), range(100, 1900)], (minutes * 60_000) / 2).map(
        (observation, j) => {
          const groups = observation.goroutines.groups.map((group) => {
            const age = group.state === "chan send" ? own * j : 30 + j;
            return Object.assign({}, group, {
              age: { minMinutes: age, maxMinutes: age, stamped: group.count },
            });
          });
          return Object.assign({}, observation, { goroutines: dumpOf(groups) });
        },
      );
    expect(find(analyseSeries(aged(0)), "query")?.waits).toBe("resetting");
    expect(find(analyseSeries(aged(minutes / 2)), "query")?.waits).toBe("holding");
  });

  it("gives the same verdicts whatever the order of the observations", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(leak, { minLength: 3 }), (shuffled) => {
        expect(analyseSeries(shuffled)).toEqual(analyseSeries(leak));
      }),
    );
  });

  it("holds for any id sets: counts add up, and nothing throws", () => {
    const ids = fc.uniqueArray(fc.integer({ min: 3, max: 300 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(ids, { minLength: 1, maxLength: 7 }), (captures) => {
        const sorted = captures.map((set) => set.toSorted((a, b) => a - b));
        const named = seriesOf(sorted);
        for (const { goroutines } of named)
          goroutines.groups.find((group) => group.state === "running")?.ids.set([1000]);
        const view = analyseSeries(named);
        const group = find(view, "query");
        const counts = sorted.map((set) => set.length);
        if (counts.every((count) => count === 0)) return;
        expect(group?.counts).toEqual(counts);
        if (group?.turnover === undefined) return;
        const { joined, left, survivors, rate } = group.turnover;
        expect((counts[0] as number) + joined - left).toBe(counts.at(-1));
        expect(Math.min(survivors, rate)).toBeGreaterThanOrEqual(0);
        expect(Math.max(survivors, rate)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("judges a million ids in five captures without holding more than the ids", () => {
    const captures = Array.from({ length: 5 }, (_, j) => {
      const ids = Float64Array.from({ length: 1_000_000 + j * 1000 }, (_, i) => 100 + i);
      const group = { ...groupOf(SEND, []), count: ids.length, ids };
      return { atMs: j * 1000, goroutines: dumpOf([group]) };
    });
    const group = find(analyseSeries(captures), "query");
    expect(group?.turnover?.joined).toBe(4000);
    expect(group?.turnover?.left).toBe(0);
  });
});

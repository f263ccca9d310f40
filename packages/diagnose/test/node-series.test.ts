/** Series of Node: heap ids are names and no clock, an empty capture says something, and tasks do not tell a restart. */
import { describe, expect, test } from "vitest";
import type { CensusEntry } from "@watertight/profile";
import type { Observation } from "../src/index.ts";
import { analyseSeries } from "../src/series/analyse-series.ts";
import type { MemberSeries, SeriesView } from "../src/series/series-view.ts";
import { capture, counted, cumulated, ids, tasks } from "./suspended-tasks.ts";

const STACK = { stack: ["reply:12", "handle:30"] };

/** Captures a minute apart, the tasks of each given by their ids. */
function seriesOf(members: readonly (readonly number[])[]): readonly Observation[] {
  return members.map((each, minute) =>
    capture(minute, each.length === 0 ? [] : [tasks({ ...STACK, ids: each })]),
  );
}

function judge(members: readonly (readonly number[])[]): MemberSeries | undefined {
  return [...analyseSeries(seriesOf(members)).groups.values()][0];
}

/** Members that pile up by so many in each interval, from `first` on. */
function pilingUp(first: number, ...steps: readonly number[]): readonly (readonly number[])[] {
  const counts = [first, ...steps];
  return counts.map((_, minute) => cumulated(counts.slice(0, minute + 1)));
}

describe("a series that starts before its load", () => {
  test("finds a leak from three steps, though nothing was alive at the first capture", () => {
    expect(judge(pilingUp(0, 40, 55, 52))?.verdict).toBe("growing");
  });

  test("does not accuse a pool that is filled in the first step and stays", () => {
    expect(judge(pilingUp(0, 40, 0, 0))?.verdict).toBe("warming-up");
  });

  test("does not accuse work that turns over", () => {
    const busy = [[], ids(30, 1001), ids(45, 5001), ids(60, 9001)];
    expect(judge(busy)?.verdict).toBe("load-following");
  });

  test("knows nothing of anybody where all captures are empty", () => {
    expect(analyseSeries(seriesOf([[], [], [], []])).groups.size).toBe(0);
  });
});

describe("heap ids, which are dealt out when a snapshot is taken,", () => {
  /** All that is new in a capture gets its ids at once, beside thousands of others that get theirs after it. */
  const withClock = (members: readonly (readonly number[])[]): readonly Observation[] =>
    members.map((each, minute) =>
      capture(minute, [
        tasks({ ...STACK, ids: each }),
        tasks({ stack: ["beat:3"], ids: [1001 + minute * 100_000 + 90_001] }),
      ]),
    );
  const verdict = (members: readonly (readonly number[])[]): string | undefined =>
    [...analyseSeries(withClock(members)).groups.values()].find(({ key }) => key.includes("reply"))
      ?.verdict;

  test("do not make a leak that grows evenly a pool that fills", () => {
    expect(verdict(pilingUp(5, 57, 84, 84))).toBe("growing");
    expect(verdict(pilingUp(200, 30, 30, 30))).toBe("growing");
  });

  test.each([
    [10, 40, 15, 5],
    [30, 30, 15, 12],
    [0, 90, 50, 30],
    [50, 20, 9, 4],
  ])(
    "leave it to the captures to tell a pool that fills: %i and %i, %i, %i more",
    (first, ...steps) => {
      expect(verdict(pilingUp(first, ...steps))).not.toBe("growing");
    },
  );
});

describe("a restart", () => {
  const NOTE = /restarted/;
  const notes = (view: SeriesView): string => view.notes.join(" ");
  const server = (members: readonly number[]): CensusEntry =>
    counted({ kind: "collection", name: "routes" }, members);

  test("is not told of a loop whose one task is now an old one and now a new one", () => {
    const view = analyseSeries(seriesOf([[447_189], [201_147], [552_649], [201_147]]));
    expect(notes(view)).not.toMatch(NOTE);
    expect(view.captures).toBe(4);
  });

  test("is not told where work has ended and what a process keeps is still there", () => {
    const kept = ids(40, 1001);
    const view = analyseSeries([
      capture(0, [tasks({ ...STACK, ids: ids(50, 900_001) })], [server(kept)]),
      capture(1, [tasks({ ...STACK, ids: [301_147] })], [server(kept)]),
    ]);
    expect(notes(view)).not.toMatch(NOTE);
  });

  test("is told where nothing is left and all that there is has lower ids", () => {
    const old = { ...STACK, ids: ids(50, 900_001) };
    const view = analyseSeries([
      capture(0, [tasks(old)], [server(ids(40, 600_001))]),
      ...[1, 2, 3].map((minute) =>
        capture(minute, [tasks({ ...STACK, ids: ids(20) })], [server(ids(40, 2002))]),
      ),
    ]);
    expect(notes(view)).toMatch(NOTE);
    expect(view.captures).toBe(3);
  });

  test("is told where a counter of requests fell", () => {
    const [first, second] = seriesOf([ids(5), ids(5)]) as [Observation, Observation];
    const view = analyseSeries([{ ...first, requestsServed: 5000 }, second]);
    expect(notes(view)).toMatch(NOTE);
  });
});

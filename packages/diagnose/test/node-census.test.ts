/** How a series of heap censuses is judged: growth that stays, and what only looks like it. */
import type { CensusEntry } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { diagnose } from "../src/index.ts";
import { capture, counted, cumulated, ids, tasks } from "./suspended-tasks.ts";

type Kind = Pick<CensusEntry, "kind" | "name"> & Partial<CensusEntry>;

const PLACE = { function: "onChange", file: "/app/shop.ts", line: 7 };

/** Findings of five captures; `count` says how many members there are in each. */
function judge(entry: Kind, members: (minute: number) => readonly number[]): readonly string[] {
  const series = [0, 1, 2, 3, 4].map((minute) =>
    capture(minute, [], [counted({ place: PLACE, ...entry }, members(minute))]),
  );
  return diagnose(series).findings.map(({ cause }) => cause);
}

const KINDS: readonly (readonly [cause: string, entry: Kind])[] = [
  ["timer-loop", { kind: "timer", name: "Timeout" }],
  ["handle-leak", { kind: "handle", name: "Socket" }],
  ["handle-leak", { kind: "handle", name: "FSWatcher" }],
  ["stream-stalled", { kind: "handle", name: "ReadStream" }],
  ["unclosed-body", { kind: "body", name: "http" }],
  ["listener-growth", { kind: "listeners", name: "Config.change", ofId: 17 }],
  ["memory-growth", { kind: "collection", name: "cache", ofId: 19 }],
];

describe.each(KINDS)("%s: %o", (cause, entry) => {
  test("is found when members stay and more come with each request", () => {
    expect(judge(entry, (minute) => ids(10 + minute * 10))).toEqual([cause]);
  });

  test("is not found where they are as many as at the start", () => {
    expect(judge(entry, () => ids(40))).toEqual([]);
  });

  test("is not found where a pool or a cache fills, ever more slowly", () => {
    const filling = [10, 40, 52, 57, 59];
    expect(judge(entry, (minute) => ids(filling[minute] ?? 0))).toEqual([]);
  });

  test("is not found where they come in one step", () => {
    expect(judge(entry, (minute) => ids(minute < 2 ? 5 : 45))).toEqual([]);
  });

  test("is not found where they turn over", () => {
    const busy = [20, 35, 18, 40, 27];
    expect(judge(entry, (minute) => ids(busy[minute] ?? 0, 1001 + minute * 500))).toEqual([]);
  });
});

test("a loop that sets its next timer each time is found by its count, since no timer of it stays", () => {
  const rearming = (minute: number): readonly number[] =>
    ids(15 * (minute + 1), 1001 + minute * 5000);
  expect(judge({ kind: "timer", name: "Immediate" }, rearming)).toEqual(["timer-loop"]);
});

test("buffers are told by their bytes", () => {
  const series = [0, 1, 2, 3, 4].map((minute) => {
    const members = ids(10 + minute * 10);
    const entry: Kind = {
      kind: "external",
      name: "receipts",
      place: PLACE,
      bytes: members.length * 100_000,
    };
    return capture(minute, [], [counted(entry, members)]);
  });
  const [finding, ...others] = diagnose(series).findings;
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    cause: "external-memory-growth",
    kind: "memory",
    unit: "bytes",
    count: 5_000_000,
    site: PLACE,
  });
});

test("small buffers are no finding", () => {
  expect(judge({ kind: "external", name: "tags" }, (minute) => ids(10 + minute * 10))).toEqual([]);
});

describe("what comes along with a leak", () => {
  /** Ten members a minute for each of a leak's ten. */
  const members = (minute: number, each: number, lane: number): readonly number[] =>
    cumulated(
      Array.from({ length: minute + 1 }, () => 10 * each),
      lane,
    );

  test("of tasks is its effect, not a second leak", () => {
    const series = [0, 1, 2, 3, 4].map((minute) =>
      capture(
        minute,
        [
          tasks({
            stack: ["ready:12", "handle:30"],
            ids: members(minute, 1, 0),
            waker: "Map.table",
          }),
        ],
        [
          counted({ kind: "collection", name: "sessions", ofId: 3 }, members(minute, 1, 1)),
          counted({ kind: "timer", name: "Timeout" }, members(minute, 2, 2)),
        ],
      ),
    );
    expect(diagnose(series).findings.map(({ cause }) => cause)).toEqual(["promise-pending"]);
  });

  test("of connections is its effect too: listeners, timers and buffers of each", () => {
    const series = [0, 1, 2, 3, 4].map((minute) =>
      capture(
        minute,
        [],
        [
          counted({ kind: "handle", name: "Socket" }, members(minute, 1, 0)),
          counted({ kind: "timer", name: "Timeout" }, members(minute, 1, 1)),
          counted(
            { kind: "external", name: "buffers", bytes: 1e6 * (minute + 1) },
            members(minute, 3, 2),
          ),
        ],
      ),
    );
    expect(diagnose(series).findings.map(({ cause }) => cause)).toEqual(["handle-leak"]);
  });

  test("and what grows at its own pace is a leak of its own", () => {
    const series = [0, 1, 2, 3, 4].map((minute) =>
      capture(
        minute,
        [],
        [
          counted({ kind: "handle", name: "Socket" }, members(minute, 1, 0)),
          counted(
            { kind: "listeners", name: "bus.tick", ofId: 5 },
            cumulated([10, 50, 2, 60, 30].slice(0, minute + 1), 1),
          ),
        ],
      ),
    );
    expect(
      diagnose(series)
        .findings.map(({ cause }) => cause)
        .toSorted(),
    ).toEqual(["handle-leak", "listener-growth"]);
  });
});

test("connections that others opened are load and no finding", () => {
  expect(judge({ kind: "request", name: "request" }, (minute) => ids(10 + minute * 10))).toEqual(
    [],
  );
});

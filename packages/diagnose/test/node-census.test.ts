/** How a series of heap censuses is judged: growth that stays, and what only looks like it. */
import type { CensusEntry } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { diagnose } from "../src/index.ts";
import { capture, counted, cumulated, ids, tasks } from "./suspended-tasks.ts";

type Kind = Pick<CensusEntry, "kind" | "name"> & Partial<CensusEntry>;

const PLACE = { function: "onChange", file: "/app/shop.ts", line: 7 };

/** Findings of five captures; `count` says how many members there are in each. */
function judge(
  entry: Kind,
  members: (minute: number) => readonly number[],
  captures = 5,
): readonly string[] {
  const series = Array.from({ length: captures }, (_, minute) =>
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

  test("is found from three captures when they show two like steps", () => {
    expect(judge(entry, (minute) => ids(10 + minute * 10), 3)).toEqual([cause]);
    expect(judge(entry, (minute) => ids([10, 40, 52][minute] ?? 0), 3)).toEqual([]);
    expect(judge(entry, (minute) => ids([10, 11, 40][minute] ?? 0), 3)).toEqual([]);
    expect(judge(entry, (minute) => ids(10 + minute * 10), 2)).toEqual([]);
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

describe("what grows in step with a leak", () => {
  /** Members of something that gains ten for each of a leak's ten, in each minute. */
  const members = (minute: number, each: number, lane: number): readonly number[] =>
    cumulated(
      Array.from({ length: minute + 1 }, () => 10 * each),
      lane,
    );

  /** Each of some members hangs together with one of a leak's. */
  const tiesTo = (leak: readonly number[], each: number): CensusEntry["ties"] =>
    leak.flatMap((id) => Array.from({ length: each }, () => [id]));

  /** Causes that are told of stuck tasks with something beside them, `ties` of whose newest members are given. */
  function judgeBeside(
    entry: Kind,
    ties: (stuck: readonly number[]) => CensusEntry["ties"],
  ): readonly string[] {
    const series = [0, 1, 2, 3, 4].map((minute) => {
      const stuck = members(minute, 1, 0);
      const tied = ties(stuck.slice(-10));
      const group = tasks({ stack: ["ready:12", "handle:30"], ids: stuck, waker: "Map.table" });
      const beside = counted(
        { place: PLACE, ...entry, ...(tied === undefined ? {} : { ties: tied }) },
        members(minute, 1, 1),
      );
      return capture(minute, [group], [beside]);
    });
    return diagnose(series)
      .findings.map(({ cause }) => cause)
      .toSorted();
  }

  const BESIDE: readonly (readonly [cause: string, entry: Kind])[] = [
    ["listener-growth", { kind: "listeners", name: "EventEmitter.price", ofId: 5 }],
    ["memory-growth", { kind: "collection", name: "sessions", ofId: 3 }],
    ["timer-loop", { kind: "timer", name: "Timeout" }],
    ["handle-leak", { kind: "handle", name: "Socket" }],
  ];

  test.each(BESIDE)("is its effect where the one holds the other: %s", (_, entry) => {
    expect(judgeBeside(entry, (stuck) => tiesTo(stuck, 1))).toEqual(["promise-pending"]);
  });

  test.each(BESIDE)("is a leak of its own where nothing ties them: %s", (cause, entry) => {
    const both = [cause, "promise-pending"].toSorted();
    expect(judgeBeside(entry, (stuck) => stuck.map(() => []))).toEqual(both);
    expect(judgeBeside(entry, () => undefined)).toEqual(both);
  });

  test("is a leak of its own where a part of it hangs together with the tasks", () => {
    const third = (stuck: readonly number[]): CensusEntry["ties"] =>
      stuck.map((id, index) => (index % 3 === 0 ? [id] : []));
    expect(judgeBeside({ kind: "listeners", name: "bus.tick" }, third)).toContain(
      "listener-growth",
    );
  });

  test("is a leak of its own where all of it hangs together with one task, which no request added", () => {
    const one = (stuck: readonly number[]): CensusEntry["ties"] =>
      Array.from({ length: 32 }, () => [stuck[0] ?? 0]);
    expect(judgeBeside({ kind: "listeners", name: "bus.tick" }, one)).toContain("listener-growth");
  });

  test("is an effect of an effect: the buffers of connections that stuck tasks hold", () => {
    const series = [0, 1, 2, 3, 4].map((minute) => {
      const [stuck, sockets] = [members(minute, 1, 0), members(minute, 1, 1)];
      const buffers: Kind = { kind: "external", name: "buffers", bytes: 1e6 * (minute + 1) };
      return capture(
        minute,
        [tasks({ stack: ["ready:12", "handle:30"], ids: stuck, waker: "Map.table" })],
        [
          counted({ ...buffers, ties: tiesTo(sockets.slice(-10), 3) ?? [] }, members(minute, 3, 2)),
          counted(
            { kind: "handle", name: "Socket", ties: tiesTo(stuck.slice(-10), 1) ?? [] },
            sockets,
          ),
        ],
      );
    });
    expect(diagnose(series).findings.map(({ cause }) => cause)).toEqual(["promise-pending"]);
  });

  test("of connections is their effect: timers and buffers of each", () => {
    const series = [0, 1, 2, 3, 4].map((minute) => {
      const sockets = members(minute, 1, 0);
      const ties = tiesTo(sockets.slice(-10), 1) ?? [];
      return capture(
        minute,
        [],
        [
          counted({ kind: "handle", name: "Socket" }, sockets),
          counted({ kind: "timer", name: "Timeout", ties }, members(minute, 1, 1)),
          counted(
            { kind: "external", name: "buffers", bytes: 1e6 * (minute + 1), ties },
            members(minute, 1, 2),
          ),
        ],
      );
    });
    expect(diagnose(series).findings.map(({ cause }) => cause)).toEqual(["handle-leak"]);
  });

  test("ports that Node opens for each worker are its effect, and others are not", () => {
    const ports = (each: number, of: string): readonly string[] =>
      diagnose(
        [0, 1, 2, 3, 4].map((minute) =>
          capture(
            minute,
            [],
            [
              counted({ kind: "handle", name: of }, members(minute, 1, 0)),
              counted({ kind: "handle", name: "MessagePort" }, members(minute, each, 1)),
            ],
          ),
        ),
      ).findings.map(({ title }) => title.split(" ")[0] ?? "");
    expect(ports(3, "Worker")).toEqual(["Workers"]);
    expect(ports(6, "Worker").toSorted()).toEqual(["MessagePorts", "Workers"]);
    expect(ports(3, "Socket").toSorted()).toEqual(["MessagePorts", "Sockets"]);
  });

  test("open files are told once, by the handles that hold them", () => {
    const files = (handles: number): readonly string[] =>
      diagnose(
        [0, 1, 2, 3, 4].map((minute) =>
          capture(
            minute,
            [],
            [
              counted({ kind: "handle", name: "FileHandle" }, members(minute, handles, 0)),
              counted({ kind: "handle", name: "open file" }, members(minute, 1, 1)),
            ],
          ),
        ),
      ).findings.map(({ title }) => title);
    expect(files(1)).toEqual(["FileHandles are opened and never closed"]);
    expect(files(0)).toEqual(["Files are opened and never closed"]);
  });
});

test("connections that others opened are load and no finding", () => {
  expect(judge({ kind: "request", name: "request" }, (minute) => ids(10 + minute * 10))).toEqual(
    [],
  );
});

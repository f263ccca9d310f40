/** What belongs to connections that are open is load, and what outlives or outgrows them is a leak. */
import type { CensusEntry } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { diagnose, type Observation } from "../src/index.ts";
import { capture, counted, cumulated, ids, tasks } from "./suspended-tasks.ts";

const PLACE = { function: "onConnection", file: "/app/live.ts", line: 9 };
const MINUTES = [0, 1, 2, 3];

/** Requests in flight. */
function requests(members: readonly number[]): CensusEntry {
  return counted({ kind: "request", name: "request" }, members);
}

/** Websockets and other sockets that peers keep open. */
function sockets(members: readonly number[]): CensusEntry {
  return counted({ kind: "request", name: "connection" }, members);
}

/** Members at a minute of what gains ten in each, or `each` times as many. */
function staying(minute: number, lane: number, each = 1): readonly number[] {
  return cumulated(
    Array.from({ length: minute + 1 }, () => 10 * each),
    lane,
  );
}

function causes(series: readonly Observation[]): readonly string[] {
  return [...new Set(diagnose(series).findings.map(({ cause }) => cause))];
}

describe("tasks of requests in flight", () => {
  const POLL = { stack: ["poll:9", "handle:4"], waker: "Board.#polls > Array[0]" };
  const LOCK = { stack: ["deposit:9", "handle:4"], waker: "Semaphore._queue > Array[0]" };

  /** Ten more tasks at one stack in each minute, and as many more requests, from `first` on. */
  const judge = (
    sketch: typeof POLL,
    open: (minute: number) => readonly number[],
    each = 1,
  ): readonly string[] =>
    causes(
      MINUTES.map((minute) =>
        capture(
          minute,
          [tasks({ ...sketch, ids: staying(minute, 0, each) })],
          [requests(open(minute))],
        ),
      ),
    );

  test.each([1, 2, 4])("are no leak while their clients stay, by %i for each of them", (each) => {
    expect(judge(POLL, (minute) => staying(minute, 1), each)).toEqual([]);
  });

  test("are no leak where requests that are answered at once come and go beside them", () => {
    const open = (minute: number): readonly number[] => [
      ...staying(minute, 1),
      ...ids(12 + (minute % 2) * 6, 900_001 + minute * 1000),
    ];
    expect(judge(POLL, open)).toEqual([]);
  });

  test("are a leak where clients give up and others come, more each minute, and the tasks stay", () => {
    const open = (minute: number): readonly number[] =>
      ids(10 + minute * 10, 500_001 + minute * 1000);
    expect(judge(POLL, open)).toEqual(["promise-pending"]);
    expect(judge(POLL, open, 3)).toEqual(["promise-pending"]);
  });

  test("are a leak where they outgrow the clients that stay", () => {
    expect(judge(POLL, (minute) => staying(minute, 1), 6)).toEqual(["promise-pending"]);
  });

  test("are a leak where they queue for a lock in which nobody ever gets his turn, though their clients wait", () => {
    expect(judge(LOCK, (minute) => staying(minute, 1))).toEqual(["lock-held"]);
  });

  test("are no leak where they queue for a lock that is given on", () => {
    const series = MINUTES.map((minute) => {
      const queue = ids(10 + minute * 10, 1001 + minute * 16);
      return capture(
        minute,
        [tasks({ ...LOCK, ids: queue })],
        [requests(queue.map((id) => id + 1))],
      );
    });
    expect(causes(series)).toEqual([]);
  });
});

const KINDS: readonly (readonly [
  cause: string,
  entry: Pick<CensusEntry, "kind" | "name"> & Partial<CensusEntry>,
])[] = [
  ["listener-growth", { kind: "listeners", name: "EventEmitter.message" }],
  ["timer-loop", { kind: "timer", name: "Timeout" }],
  ["memory-growth", { kind: "collection", name: "sessions", ofId: 3 }],
  ["handle-leak", { kind: "handle", name: "Socket" }],
];

describe.each(KINDS)("%s of open sockets", (cause, entry) => {
  const judge = (
    members: (minute: number) => readonly number[],
    open: (minute: number) => readonly number[],
  ): readonly string[] =>
    causes(
      MINUTES.map((minute) =>
        capture(
          minute,
          [],
          [counted({ place: PLACE, ...entry }, members(minute)), sockets(open(minute))],
        ),
      ),
    );

  test("is load where there is one for each socket that stays", () => {
    const one = (minute: number): readonly number[] => staying(minute, 0);
    expect(judge(one, (minute) => staying(minute, 1))).toEqual([]);
  });

  test("is a leak where sockets are as many as ever", () => {
    const one = (minute: number): readonly number[] => staying(minute, 0);
    expect(judge(one, () => ids(40, 900_001))).toEqual([cause]);
  });

  test("is a leak where sockets come and go, though more are open each time", () => {
    const one = (minute: number): readonly number[] => staying(minute, 0);
    const open = (minute: number): readonly number[] =>
      ids(10 + minute * 10, 900_001 + minute * 1000);
    expect(judge(one, open)).toEqual([cause]);
  });

  test("is a leak where it outgrows the sockets", () => {
    const many = (minute: number): readonly number[] => staying(minute, 0, 6);
    expect(judge(many, (minute) => staying(minute, 1))).toEqual([cause]);
  });
});

test("a timer that is set anew each time, one for each open socket, is load, and a leak without them", () => {
  const beat = (open: boolean): readonly string[] =>
    causes(
      MINUTES.map((minute) =>
        capture(
          minute,
          [],
          [
            counted(
              { kind: "timer", name: "Timeout", place: PLACE },
              ids(10 + minute * 10, 500_001 + minute * 1000),
            ),
            sockets(open ? staying(minute, 1) : ids(10, 900_001)),
          ],
        ),
      ),
    );
  expect(beat(true)).toEqual([]);
  expect(beat(false)).toEqual(["timer-loop"]);
});

/** How suspended tasks of Node are judged: what makes a leak of a wait, and what acquits it. */
import type { Finding } from "@watertight/finding";
import { describe, expect, test } from "vitest";
import { diagnose, verify } from "../src/index.ts";
import { capture, counted, ids, tasks, type TaskSketch } from "./suspended-tasks.ts";

/** Five captures a minute apart in which the same tasks stay and ten more come each time. */
function growing(
  sketch: Omit<TaskSketch, "ids">,
  others: readonly TaskSketch[] = [],
): readonly Finding[] {
  const series = [0, 1, 2, 3, 4].map((minute) =>
    capture(minute, [tasks({ ...sketch, ids: ids(10 + minute * 10) }), ...others.map(tasks)]),
  );
  return diagnose(series).findings;
}

/** The same number of tasks in each capture, all of them new. */
function turningOver(sketch: Omit<TaskSketch, "ids">): readonly Finding[] {
  const series = [0, 1, 2, 3, 4].map((minute) =>
    capture(minute, [tasks({ ...sketch, ids: ids(20 + minute * 5, 1001 + minute * 1000) })]),
  );
  return diagnose(series).findings;
}

const LEAKS: readonly (readonly [cause: string, sketch: Omit<TaskSketch, "ids">])[] = [
  ["promise-pending", { stack: ["reply:12", "handle:30"], waker: "Map.table > Object.resolve" }],
  [
    "lock-held",
    { stack: ["lock:6", "transfer:30", "request:40"], waker: "Mutex.#waiting > Array[0]" },
  ],
  ["lock-held", { stack: ["checkout:6", "request:40"], waker: "ReadWriteLock.queue > Array[2]" }],
  [
    "lock-held",
    { stack: ["query:6", "request:40"], waker: "Store.pool > Pool.waiters > Array[2]" },
  ],
  [
    "lock-held",
    { stack: ["search:4"], waker: "Object.next > Object.data > ResourceRequest._resolve" },
  ],
  ["lock-held", { stack: ["acquire:10", "thumbnail:23"], waker: "Object.acquire > Array[3]" }],
  ["channel-send", { stack: ["put:10", "request:36"], waker: "BoundedQueue.#putters > Array[0]" }],
  [
    "channel-send",
    { stack: ["send@/app/node_modules/@watertight/flow/dist/channel.js:78", "run:12"] },
  ],
  ["channel-receive", { stack: ["next:19", "deliver:28"], waker: "Array[0] > Mailbox.#wake" }],
  ["channel-receive", { stack: ["watch:9"], waker: "WaiterQueue.#first > Object.waiter" }],
  [
    "context-ignored",
    { stack: ["poll:10", "export:20"], waker: "Timeout._onTimeout", labels: { signal: "aborted" } },
  ],
  [
    "context-ignored",
    {
      stack: ["quote:5"],
      waker: "Request.<symbol handler> > Object.onConnect > Object.processResponse",
    },
  ],
  [
    "context-ignored",
    { stack: ["query:9"], waker: "TCPSocketWrap > Socket._events > Object.data" },
  ],
  [
    "timer-loop",
    {
      stack: ["setInterval@node:timers/promises:182", "push:9"],
      waker: "TimersList._idlePrev > Timeout._onTimeout",
    },
  ],
  [
    "stream-stalled",
    {
      stack: ["waitForDrain:16", "exportAll:30"],
      waker: "ServerResponse._events > Object.drain > wrapper.listener",
    },
  ],
  [
    "stream-stalled",
    {
      stack: ["createAsyncIterator@node:internal/streams/readable:1406", "countRows:17"],
      waker: "Transform._events > Object.readable",
    },
  ],
  [
    "stream-stalled",
    {
      stack: ["store:22", "request:29"],
      waker: "Archive(stream)._events > Object.error > wrapper.listener",
    },
  ],
  ["iterator-abandoned", { stack: ["pages:9"], state: "yield", waker: "Map.table" }],
  [
    "unclosed-body",
    {
      stack: ["createAsyncIterator@node:internal/streams/readable:1375"],
      state: "yield",
      waker: "Request.<symbol handler> > Object.controller > Fetch.next",
    },
  ],
];

describe("tasks that stay while more come", () => {
  test.each(LEAKS)("are %s: %o", (cause, sketch) => {
    const findings = growing(sketch);
    expect(findings.map((finding) => finding.cause)).toEqual([cause]);
    expect(findings[0]).toMatchObject({
      certainty: "likely",
      unit: "tasks",
      count: 50,
      runtime: "node",
    });
    expect(findings[0]?.growth?.perRequest).toBeCloseTo(0.1);
    expect(findings[0]?.fix.docs).toBe(`docs/causes/${cause}.md`);
  });

  test("stand at their innermost own await, and were started by the outermost one", () => {
    const [finding] = growing({
      stack: [
        "once@node:events:990",
        "ready:12",
        "pg@/app/node_modules/pg/index.js:3",
        "handle:30",
      ],
    });
    expect(finding?.site).toEqual({ function: "ready", file: "/app/shop.ts", line: 12 });
    expect(finding?.creator).toEqual({ function: "handle", file: "/app/shop.ts", line: 30 });
  });

  test("are Node's own and no finding when none of the service's functions waits", () => {
    expect(growing({ stack: ["httpNetworkFetch@node:internal/deps/undici/undici:1"] })).toEqual([]);
  });
});

describe("tasks that turn over", () => {
  test.each(LEAKS)("are work in flight, not %s: %o", (_cause, sketch) => {
    expect(turningOver(sketch)).toEqual([]);
  });
});

describe("one capture", () => {
  test("proves what nothing alive can wake, whatever their number", () => {
    const { findings } = diagnose([
      capture(0, [tasks({ stack: ["reply:12", "handle:30"], ids: ids(2), leaked: 2 })]),
    ]);
    expect(findings).toMatchObject([{ cause: "promise-pending", certainty: "proven", count: 2 }]);
  });

  test("does not accuse the top level of a program that parks itself", () => {
    const parked = tasks({ stack: ["(anonymous):1"], ids: [1001], leaked: 1 });
    expect(diagnose([capture(0, [parked])]).findings).toEqual([]);
  });

  test("says that it cannot tell a busy service from a leak", () => {
    const { findings, notes } = diagnose([
      capture(0, [tasks({ stack: ["poll:12"], ids: ids(400), waker: "Set.table" })]),
    ]);
    expect(findings).toEqual([]);
    expect(notes.join()).toContain("400 tasks wait");
  });

  test("tells requests whose clients left long ago and that go on, over all requests", () => {
    const each = ids(12).map((id, n) =>
      tasks({
        stack: ["query:9", "handle:30"],
        ids: [id],
        waker: "Socket._events",
        labels: { abortedSeconds: String(5 + n), requestId: `r${n}`, route: "/orders" },
      }),
    );
    const { findings } = diagnose([capture(0, each)]);
    expect(findings).toMatchObject([{ cause: "context-ignored", count: 12 }]);
    const text = findings[0]?.evidence.map((item) => item.text).join(" ");
    expect(text).toContain("16 seconds");
    expect(text).toContain("route /orders");
  });

  test("leaves clients alone that have just left", () => {
    const left = tasks({ stack: ["query:9"], ids: ids(12), labels: { abortedSeconds: "2" } });
    expect(diagnose([capture(0, [left])]).findings).toEqual([]);
  });
});

describe("a lock", () => {
  const queue = {
    stack: ["lock:6", "refresh:20", "handle:30"],
    waker: "Mutex.#waiting > Array[1]",
  };
  const holder = {
    stack: ["refresh:22", "handle:30"],
    ids: [501],
    waker: "Request.<symbol handler> > Object.onConnect",
  };

  test("whose holder is suspended names the holder's await", () => {
    const [finding] = growing(queue, [holder]);
    const shown = finding?.evidence.find(({ text }) => text.includes("may hold it"));
    expect(shown?.frames?.[0]).toMatchObject({ function: "refresh", line: 22 });
    expect(finding?.severity).toBe("critical");
  });

  test("without a holder was not given back", () => {
    const [finding] = growing(queue);
    expect(finding?.title).toBe("A lock is never released");
  });

  test("whose queue stands still is found although it does not grow", () => {
    const still = [0, 1, 2].map((minute) => capture(minute, [tasks({ ...queue, ids: ids(6) })]));
    expect(diagnose(still).findings).toMatchObject([{ cause: "lock-held", count: 6 }]);
  });

  test("that leaks makes one story of the holder's leak and the queue", () => {
    const stuck = { stack: ["refresh:22", "handle:30"], leaked: 3, ids: ids(3, 101) };
    const findings = growing(queue, [stuck]);
    const cause = findings.find((finding) => finding.cause === "promise-pending");
    const effect = findings.find((finding) => finding.cause === "lock-held");
    expect(cause?.effects).toEqual([effect?.id]);
  });
});

describe("what stays and is in order", () => {
  test("workers that were started once and wait for jobs", () => {
    const still = [0, 1, 2, 3].map((minute) =>
      capture(minute, [
        tasks({ stack: ["take:9", "worker:4"], ids: ids(8), waker: "Queue.#takers > Array[0]" }),
      ]),
    );
    expect(diagnose(still).findings).toEqual([]);
  });

  test("long polls of clients that are connected", () => {
    const polls = [0, 1, 2, 3, 4].map((minute) => {
      const members = ids(10 + minute * 10);
      return capture(
        minute,
        [tasks({ stack: ["poll:9", "handle:4"], ids: members, waker: "Board.#polls" })],
        [counted({ kind: "request", name: "request" }, ids(10 + minute * 10, 500_001))],
      );
    });
    expect(diagnose(polls).findings).toEqual([]);
  });

  test("an await that the leaking tasks of its function only pass", () => {
    const series = [0, 1, 2, 3, 4].map((minute) =>
      capture(minute, [
        tasks({ stack: ["load:12"], ids: ids(10 + minute * 10) }),
        tasks({ stack: ["load:5"], ids: ids(1, 1001 + 2 * (10 + minute * 10)) }),
      ]),
    );
    expect(diagnose(series).findings.map(({ site }) => site?.line)).toEqual([12]);
  });

  test("anything that waits is a finding where nothing should be left", () => {
    const left = capture(0, [
      tasks({ stack: ["poll:12", "start:3"], ids: [1001], waker: "Set.table" }),
    ]);
    expect(diagnose([left], { expect: "nothing-left" }).findings).toHaveLength(1);
  });
});

test("a leak of Node is found again after its lines have moved, and has converged once it is gone", () => {
  const at = (line: number, count: (minute: number) => number) =>
    [0, 1, 2, 3, 4, 5].map((minute) =>
      capture(minute, [tasks({ stack: [`reply:${line}`, "handle:30"], ids: ids(count(minute)) })]),
    );
  const { findings } = diagnose(at(12, (minute) => 10 + minute * 20));
  expect(
    verify(
      findings,
      at(44, (minute) => 10 + minute * 20),
    ).status,
  ).toBe("still-growing");
  expect(
    verify(
      findings,
      at(44, () => 1),
    ).leaks[0],
  ).toMatchObject({ status: "converged", observed: 0 });
});

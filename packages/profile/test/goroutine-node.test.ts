import { describe, expect, test } from "vitest";
import {
  decodeGoroutineText,
  decodePprof,
  encodeGoroutineText,
  encodePprof,
  type GoroutineDump,
  type GoroutineGroup,
  goroutinesFromProfile,
  profileFromGoroutines,
} from "@watertight/profile";

function task(change: Partial<GoroutineGroup>): GoroutineGroup {
  return {
    count: 2,
    state: "await",
    frames: [
      { function: "(anonymous)", file: "/app/src/orders.ts", line: 7 },
      { function: "Orders.find", file: "/app/src/orders.ts", line: 31 },
    ],
    elidedFrames: 0,
    createdBy: { function: "Orders.find", file: "/app/src/orders.ts", line: 31 },
    labels: { method: "GET", path: "/orders/:id" },
    ids: Float64Array.of(101, 105),
    age: { minMinutes: 0, maxMinutes: 0, stamped: 0 },
    leaked: 0,
    lockedToThread: 0,
    bubbled: 0,
    creatorCount: 0,
    witnesses: [],
    waker: "Mutex.waiting > Array[0]",
    ...change,
  };
}

const { waker: _, ...stuck } = task({
  count: 1,
  state: "yield",
  frames: [{ function: "runtimeClock", file: "node:internal/streams/readable", line: 3 }],
  createdBy: undefined,
  labels: {},
  ids: Float64Array.of(7),
  leaked: 1,
});

const dump: GoroutineDump = {
  format: "heap-snapshot",
  runtime: "node",
  leakProfile: false,
  total: 3,
  covered: 3,
  truncated: false,
  groups: [task({}), stuck],
  problems: [],
};

describe("tasks of Node in Go's formats", () => {
  test("debug=2 text comes back whole: states, ids, labels, marks and who could wake them", () => {
    const bytes = encodeGoroutineText(dump, { debug: 2 });
    const decoded = decodeGoroutineText(bytes);
    expect(decoded).toMatchObject({ runtime: "node", total: 3, truncated: false, problems: [] });
    // Witnesses carry Go's argument words, which tasks of Node have none of.
    expect(decoded.groups).toMatchObject(
      dump.groups.map((group) => Object.assign({}, group, { witnesses: expect.anything() })),
    );
    expect(Buffer.from(encodeGoroutineText(decoded, { debug: 2 })).toString()).toBe(
      Buffer.from(bytes).toString(),
    );
  });

  test("debug=1 text is known by its scripts", () => {
    const decoded = decodeGoroutineText(encodeGoroutineText(dump, { debug: 1 }));
    expect(decoded.runtime).toBe("node");
    expect(decoded.groups.map((group) => group.frames)).toEqual(
      dump.groups.map((group) => group.frames),
    );
  });

  test("pprof carries the state, and no frame of Node is taken for one of Go's runtime", () => {
    const { profile } = decodePprof(encodePprof(profileFromGoroutines(dump)));
    const decoded = goroutinesFromProfile(profile);
    expect(decoded.runtime).toBe("node");
    expect(decoded.groups.map(({ state, frames, count }) => ({ state, frames, count }))).toEqual(
      dump.groups.map(({ state, frames, count }) => ({ state, frames, count })),
    );
  });

  test("a dump of Go stays one, whatever its files are called", () => {
    const text =
      "goroutine 1 [select]:\nmain.main()\n\t/src/app.js/main.go:3 +0x1\n\ngoroutine 2 [chan send]:\nmain.f()\n\t/x/y.js:4 +0x1\ncreated by main.main\n\t/src/main.go:9 +0x1\n";
    expect(decodeGoroutineText(Buffer.from(text)).runtime).toBe("go");
  });
});

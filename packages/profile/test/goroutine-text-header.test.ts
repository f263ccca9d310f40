import { describe, expect, test } from "vitest";
import { decodeGoroutineText, type GoroutineGroup } from "../src/index.ts";
import { bytesOf } from "./goroutine-fixtures.ts";

function decodeOne(text: string): GoroutineGroup {
  const dump = decodeGoroutineText(bytesOf(text));
  expect(dump.problems).toEqual([]);
  expect(dump.groups).toHaveLength(1);
  return dump.groups[0] as GoroutineGroup;
}

const STACK =
  "main.f(0x1)\n\t/src/main.go:12 +0x1f\ncreated by main.main in goroutine 1\n\t/src/main.go:3 +0x2\n";

const WAIT_REASONS = [
  "GC assist marking",
  "IO wait",
  "chan receive (nil chan)",
  "chan send (nil chan)",
  "dumping heap",
  "garbage collection",
  "garbage collection scan",
  "panicwait",
  "select",
  "select (no cases)",
  "GC assist wait",
  "GC sweep wait",
  "GC scavenge wait",
  "chan receive",
  "chan send",
  "finalizer wait",
  "force gc (idle)",
  "GOMAXPROCS updater (idle)",
  "semacquire",
  "sleep",
  "sync.Cond.Wait",
  "sync.Mutex.Lock",
  "sync.RWMutex.RLock",
  "sync.RWMutex.Lock",
  "sync.WaitGroup.Wait",
  "trace reader (blocked)",
  "wait for GC cycle",
  "GC worker (idle)",
  "GC worker (active)",
  "preempted",
  "debug call",
  "GC mark termination",
  "stopping the world",
  "flushing proc caches",
  "trace goroutine status",
  "trace proc status",
  "page trace flush",
  "coroutine",
  "GC weak to strong wait",
  "synctest.Run",
  "synctest.Wait",
  "cleanup wait",
  "timer goroutine (idle)",
  "idle",
  "runnable",
  "running",
  "syscall",
  "waiting",
  "dead",
  "copystack",
  "leaked",
  "waiting for cgo callback",
  "???",
];

describe("the header of a goroutine", () => {
  test.each(WAIT_REASONS)("[%s] is a state, with and without its marks", (state) => {
    expect(decodeOne(`goroutine 7 [${state}]:\n${STACK}`).state).toBe(state);
    const marked = decodeOne(
      `goroutine 7 [${state} (leaked) (scan) (durable), 3 minutes]:\n${STACK}`,
    );
    expect(marked).toMatchObject({
      state,
      leaked: 1,
      age: { minMinutes: 3, maxMinutes: 3, stamped: 1 },
    });
  });

  test.each(["chan receive", "chan send", "select", "sync.WaitGroup.Wait"])(
    "[%s (durable), synctest bubble 4] is that state in a bubble",
    (state) => {
      const group = decodeOne(`goroutine 7 [${state} (durable), synctest bubble 4]:\n${STACK}`);
      expect(group).toMatchObject({ state, bubbled: 1, leaked: 0 });
    },
  );

  test.each(["gp=0xc000102a80 m=nil ", "gp=0xc000102a80 m=3 mp=0xc000080008 "])(
    "traceback level 2 adds %s",
    (pointers) => {
      const group = decodeOne(
        `goroutine 7 ${pointers}[select, 12 minutes, locked to thread, synctest bubble 2]:\n${STACK}`,
      );
      expect(group).toMatchObject({
        state: "select",
        lockedToThread: 1,
        bubbled: 1,
        age: { minMinutes: 12, maxMinutes: 12, stamped: 1 },
      });
      expect([...group.ids]).toEqual([7]);
    },
  );

  test("labels are read with and without quotes, and sorted by key", () => {
    const labels = String.raw`{zone: eu/west_1.a, "a key": "two\nlines \"x\"", empty: , "é": "\u00e9\U0001f600\x01"}`;
    expect(decodeOne(`goroutine 7 [select] ${labels}:\n${STACK}`).labels).toEqual({
      "a key": 'two\nlines "x"',
      empty: "",
      zone: "eu/west_1.a",
      é: "é😀\u0001",
    });
  });

  test("a label value may look like the end of the header", () => {
    const group = decodeOne(`goroutine 7 [select] {"k": "}:", "l": "a, b: c"}:\n${STACK}`);
    expect(group.labels).toEqual({ k: "}:", l: "a, b: c" });
  });

  test.each([
    String.raw`[select labels:{"a key": "x]:, {y", "empty": ""}]:`,
    String.raw`[select, 5 minutes, locked to thread labels:{"a key": "x]:, {y", "empty": ""}]:`,
  ])("Go 1.26 prints labels inside of the brackets: %s", (brackets) => {
    const group = decodeOne(`goroutine 7 ${brackets}\n${STACK}`);
    expect(group.labels).toEqual({ "a key": "x]:, {y", empty: "" });
    expect(group.state).toBe("select");
    expect(group.age.stamped).toBe(brackets.includes("minutes") ? 1 : 0);
  });

  test("ids beyond 32 bits are kept", () => {
    const dump = decodeGoroutineText(
      bytesOf(
        `goroutine 7 [select]:\n${STACK}\ngoroutine 9007199254740991 [select]:\n${STACK}\ngoroutine 3 [select]:\n${STACK}`,
      ),
    );
    expect([...(dump.groups[0]?.ids ?? [])]).toEqual([3, 7, 9_007_199_254_740_991]);
  });

  test("a thread's own goroutine 0 is no goroutine", () => {
    const dump = decodeGoroutineText(
      bytesOf(
        `goroutine 0 gp=0x1 m=0 mp=0x2 [idle]:\nruntime.futex()\n\t/x.s:1 +0x1\nrax 0x0\n\ngoroutine 7 [select]:\n${STACK}`,
      ),
    );
    expect(dump).toMatchObject({ total: 1, covered: 1, problems: [] });
  });
});

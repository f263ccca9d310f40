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

describe("the stack of a goroutine", () => {
  const created = "created by main.main in goroutine 1\n\t/src/main.go:3 +0x2\n";

  test.each([
    ["main.f()", "main.f"],
    ["main.(*T).f(...)", "main.(*T).f"],
    ["main.f({0x1, 0x2?}, _, ...)", "main.f"],
    ["main.f.func1.2(0x1)", "main.f.func1.2"],
    ["main.f.gowrap1()", "main.f.gowrap1"],
    ["main.(*Queue[...]).Push(0x1)", "main.(*Queue[...]).Push"],
    ["gopkg.in/yaml%2ev3.(*Decoder).Decode(0x1)", "gopkg.in/yaml%2ev3.(*Decoder).Decode"],
    ["panic({0x1, 0x2})", "panic"],
  ])("%s is a call of %s", (line, name) => {
    const group = decodeOne(`goroutine 7 [select]:\n${line}\n\t/src/a.go:9 +0x1\n${created}`);
    expect(group.frames).toEqual([{ function: name, file: "/src/a.go", line: 9 }]);
  });

  test.each([
    ["\t/src/main.go:12 +0x1f", { file: "/src/main.go", line: 12 }],
    ["\t/src/main.go:12", { file: "/src/main.go", line: 12 }],
    ["\t/src/main.go:12 +0x1f fp=0xc000 sp=0xc001 pc=0x47", { file: "/src/main.go", line: 12 }],
    ["\tC:/My Code/a:b/main.go:12 +0x1f", { file: "C:/My Code/a:b/main.go", line: 12 }],
    ["\t??:0 +0x1", { file: "??", line: 0 }],
    ["\t<autogenerated>:1 +0x2b", { file: "<autogenerated>", line: 1 }],
  ])("%s is a place", (line, place) => {
    const group = decodeOne(`goroutine 7 [select]:\nmain.f()\n${line}\n${created}`);
    expect(group.frames).toEqual([{ function: "main.f", ...place }]);
  });

  test("a creator is read with and without its goroutine", () => {
    const without = decodeOne(
      "goroutine 7 [select]:\nmain.f()\n\t/a.go:1 +0x1\ncreated by time.goFunc\n\t/time/sleep.go:176 +0x32\n",
    );
    expect(without.createdBy).toEqual({
      function: "time.goFunc",
      file: "/time/sleep.go",
      line: 176,
    });
    expect(without.creatorCount).toBe(0);
    const within = decodeOne(`goroutine 7 [select]:\nmain.f()\n\t/a.go:1 +0x1\n${created}`);
    expect(within.createdBy).toEqual({ function: "main.main", file: "/src/main.go", line: 3 });
    expect([...(within.creatorIds ?? [])]).toEqual([1]);
    expect(within.witnesses[0]?.creatorId).toBe(1);
  });

  test.each([
    ["...23 frames elided...", 23],
    ["...additional frames elided...", 1],
  ])("%s", (line, elidedFrames) => {
    const frames = "main.f()\n\t/a.go:1 +0x1\n";
    const group = decodeOne(`goroutine 7 [select]:\n${frames}${line}\n${frames}${created}`);
    expect(group.elidedFrames).toBe(elidedFrames);
    expect(group.frames).toHaveLength(2);
    expect(group.witnesses[0]?.words).toHaveLength(2);
  });

  test("how many frames were left out does not tell goroutines apart", () => {
    const goroutine = (id: number, left: number): string =>
      `goroutine ${id} [select]:\nmain.f()\n\t/a.go:1 +0x1\n...${left} frames elided...\n${created}`;
    const group = decodeOne([goroutine(1, 5), goroutine(2, 9), goroutine(3, 7)].join("\n"));
    expect(group).toMatchObject({ count: 3, elidedFrames: 9 });
  });

  test("what created the creator is not part of the stack", () => {
    const group = decodeOne(
      `goroutine 7 [select]:\nmain.f()\n\t/a.go:1 +0x1\n${created}[originating from goroutine 1]:\nmain.main(...)\n\t/a.go:9 +0x9\ncreated by x.y\n\t/b.go:1 +0x1\n`,
    );
    expect(group.frames).toHaveLength(1);
    expect(group.createdBy?.function).toBe("main.main");
  });

  test("C functions are frames, with a symbolizer and without", () => {
    const group = decodeOne(
      `goroutine 7 [syscall]:\nnon-Go function at pc=0x47\nmy_c_function\n\t/src/a.c:9 pc=0x48\nnon-Go function\n\tpc=0x49\nmain._Cfunc_f()\n\t_cgo_gotypes.go:39 +0x1\n${created}`,
    );
    expect(group.frames).toEqual([
      { function: "non-Go function", file: "", line: 0 },
      { function: "my_c_function", file: "/src/a.c", line: 9 },
      { function: "non-Go function", file: "", line: 0 },
      { function: "main._Cfunc_f", file: "_cgo_gotypes.go", line: 39 },
    ]);
  });

  test("a goroutine that runs on another thread has no stack, but a creator", () => {
    const group = decodeOne(
      `goroutine 7 [running]:\n\tgoroutine running on other thread; stack unavailable\n${created}`,
    );
    expect(group.frames).toEqual([]);
    expect(group.createdBy?.function).toBe("main.main");
  });

  test("argument words are kept per frame, flattened, with NaN for what has no value", () => {
    const group = decodeOne(
      `goroutine 7 [semacquire]:\nsync.(*Mutex).Lock(...)\n\t/s.go:1\nmain.f({0xc000012345, 0x5?}, _, 0xffffffffffffffff, ...)\n\t/a.go:1 +0x1\n${created}`,
    );
    expect(group.witnesses[0]?.words).toEqual([[], [0xc000012345, 5, Number.NaN, Number.NaN]]);
  });

  test("a log line that got in between is passed over", () => {
    const group = decodeOne(
      `goroutine 7 [select]:\nmain.f()\n\t/a.go:1 +0x1\n2024/05/01 still logging\n${created}`,
    );
    expect(group.frames).toHaveLength(1);
    expect(group.createdBy?.function).toBe("main.main");
  });

  test("a missing blank line between goroutines does not merge them", () => {
    const dump = decodeGoroutineText(
      bytesOf(`goroutine 7 [select]:\n${STACK}goroutine 8 [select]:\n${STACK}`),
    );
    expect(dump.groups[0]).toMatchObject({ count: 2 });
  });
});

describe("counts per stack (debug=1)", () => {
  const decodeCounts = (records: string, total = 7) =>
    decodeGoroutineText(bytesOf(`goroutine profile: total ${total}\n${records}`));

  test("columns may be padded with tabs, or be missing", () => {
    const dump = decodeCounts(
      "7 @ 0x1 0x2 0x3\n#\t0x1\tmain.(*T).f+0x31\t\t\t/My Code/a.go:12\n#\t0x2\t\t\tmain.g+0x1\t\t/b.go:1\n#\t0x3\n\n",
    );
    expect(dump.problems).toEqual([]);
    expect(dump.groups[0]?.frames).toEqual([
      { function: "main.(*T).f", file: "/My Code/a.go", line: 12 },
      { function: "main.g", file: "/b.go", line: 1 },
      { function: "", file: "", line: 0 },
    ]);
  });

  test("labels belong to the stack below them", () => {
    const dump = decodeCounts(
      '5 @ 0x1\n# labels: {"a":"1", "b key":"x, \\"y\\""}\n#\t0x1\tmain.f+0x31\t/a.go:12\n\n2 @ 0x1\n#\t0x1\tmain.f+0x31\t/a.go:12\n\n',
    );
    expect(dump.groups.map(({ count, labels }) => [count, labels])).toEqual([
      [5, { a: "1", "b key": 'x, "y"' }],
      [2, {}],
    ]);
  });

  test("stacks that differ only in addresses are one group", () => {
    const record = "3 @ 0x1\n#\t0x1\tmain.f+0x31\t/a.go:12\n\n";
    const dump = decodeCounts(record + record.replaceAll("0x1\t", "0x2\t"), 6);
    expect(dump).toMatchObject({ total: 6, covered: 6, truncated: false });
    expect(dump.groups).toHaveLength(1);
  });

  test("fewer goroutines than the first line promised are a cut dump", () => {
    const dump = decodeCounts("3 @ 0x1\n#\t0x1\tmain.f+0x31\t/a.go:12\n\n", 9);
    expect(dump).toMatchObject({ total: 9, covered: 3, truncated: true });
    expect(dump.problems[0]?.code).toBe("WT_PROFILE_TRUNCATED");
  });

  test("a damaged stack is left out and named", () => {
    const dump = decodeCounts("3 @ 0x1\n#\tgarbage\n\n4 @ 0x1\n#\t0x1\tmain.f+0x31\t/a.go:12\n\n");
    expect(dump).toMatchObject({ total: 7, covered: 4, truncated: false });
    expect(dump.problems.map(({ code, offset }) => [code, offset])).toEqual([
      ["WT_PROFILE_CORRUPT", 35],
    ]);
  });
});

/** What a hostile or huge dump can and cannot make the decoder keep. */
import { describe, expect, test } from "vitest";
import { decodeGoroutineText, type GoroutineDump, GoroutineTextDecoder } from "../src/index.ts";
import { bytesOf } from "./goroutine-fixtures.ts";

const CREATED = "created by main.main in goroutine 1\n\t/a.go:3 +0x2\n";
const goroutine = (id: number, state: string, call: string, line = 1): string =>
  `goroutine ${id} [${state}]:\n${call}\n\t/a.go:${line} +0x1\n${CREATED}`;
const codes = (dump: GoroutineDump): string[] => dump.problems.map(({ code }) => code);

describe("limits of the goroutine text decoder", () => {
  test("beyond groupsMax goroutines are counted by state, and one problem says so", () => {
    const text = Array.from({ length: 50 }, (_, at) =>
      goroutine(at + 1, at % 2 === 0 ? "select" : "IO wait", "main.f()", at),
    ).join("\n");
    const dump = decodeGoroutineText(bytesOf(text), { groupsMax: 10 });
    expect(dump).toMatchObject({ total: 50, covered: 50 });
    expect(dump.groups).toHaveLength(12);
    const overflow = dump.groups.filter((group) => group.frames.length === 0);
    expect(overflow.map(({ state, count }) => [state, count])).toEqual([
      ["IO wait", 20],
      ["select", 20],
    ]);
    expect(overflow[0]?.ids).toHaveLength(20);
    expect(codes(dump)).toEqual(["WT_PROFILE_LIMIT"]);
  });

  test.each([{ frameBytesMax: 300 }, { branchesMax: 12 }])("beyond %o too", (limit) => {
    const text = Array.from({ length: 50 }, (_, at) =>
      goroutine(at + 1, "select", "main.f()", at),
    ).join("\n");
    const dump = decodeGoroutineText(bytesOf(text), limit);
    expect(dump).toMatchObject({ total: 50, covered: 50 });
    expect(dump.groups.length).toBeLessThan(20);
    expect(codes(dump)).toEqual(["WT_PROFILE_LIMIT"]);
  });

  test("32 witnesses are kept of a group, 2,048 of one that waits for a lock", () => {
    const text = Array.from({ length: 5000 }, (_, at) =>
      at % 2 === 0
        ? goroutine(at + 1, "select", `main.f(0x${at.toString(16)})`)
        : goroutine(
            at + 1,
            "sync.Mutex.Lock",
            `internal/sync.(*Mutex).lockSlow(0x${at.toString(16)})`,
          ),
    ).join("\n");
    const dump = decodeGoroutineText(bytesOf(text));
    const kept = Object.fromEntries(
      dump.groups.map((group) => [group.state, group.witnesses.length]),
    );
    expect(kept["select"]).toBe(32);
    expect(kept["sync.Mutex.Lock"]).toBeGreaterThan(1500);
    expect(kept["sync.Mutex.Lock"]).toBeLessThanOrEqual(2048);
  });

  test("all witnesses together are bounded, and late groups still get some", () => {
    const text = Array.from({ length: 4000 }, (_, at) =>
      goroutine(at + 1, "select", "main.f(0x1)", Math.floor(at / 10)),
    ).join("\n");
    const dump = decodeGoroutineText(bytesOf(text), { witnessesTotalMax: 2000 });
    const witnesses = dump.groups.map((group) => group.witnesses.length);
    expect(witnesses.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1000);
    expect(Math.min(...witnesses)).toBeGreaterThan(0);
  });

  test("a label with a value for every goroutine does not make each a group", () => {
    const text = Array.from(
      { length: 500 },
      (_, at) =>
        `goroutine ${at + 1} [select] {handler: "/orders", request_id: r${at}}:\nmain.f()\n\t/a.go:1 +0x1\n${CREATED}`,
    ).join("\n");
    const dump = decodeGoroutineText(bytesOf(text));
    expect(dump.groups).toHaveLength(1);
    expect(dump.groups[0]).toMatchObject({ count: 500, labels: { handler: "/orders" } });
    expect(dump.groups[0]?.ids).toHaveLength(500);
    expect(dump.groups[0]?.witnesses).toHaveLength(32);
    expect(dump.problems[0]?.message).toContain('"request_id"');
  });

  test("such a key is given up in any spelling, between any others", () => {
    const text = Array.from({ length: 300 }, (_, at) => {
      const id = at % 2 === 0 ? `"trace id": "a\\"b, ${at}"` : `"trace id": t${at}`;
      const labels = `a: "x: y", ${id}, zone: ${at % 3 === 0 ? "eu" : '"u s"'}`;
      return `goroutine ${at + 1} [select] {${labels}}:\nmain.f()\n\t/a.go:1 +0x1\n${CREATED}`;
    }).join("\n");
    const dump = decodeGoroutineText(bytesOf(text));
    expect(dump.groups.map(({ count, labels }) => [count, labels])).toEqual([
      [200, { a: "x: y", zone: "u s" }],
      [100, { a: "x: y", zone: "eu" }],
    ]);
    expect(codes(dump)).toEqual(["WT_PROFILE_LIMIT"]);
  });

  test("of more labels than labelsMax the first are kept", () => {
    const labels = Array.from({ length: 70 }, (_, at) => `k${at + 100}: v`).join(", ");
    const text = `goroutine 1 [select] {${labels}}:\nmain.f()\n\t/a.go:1 +0x1\n${CREATED}`;
    const dump = decodeGoroutineText(bytesOf(text));
    expect(Object.keys(dump.groups[0]?.labels ?? {})).toHaveLength(64);
    expect(codes(dump)).toEqual(["WT_PROFILE_LIMIT"]);
  });

  test("frames beyond framesMax count as elided, the creator is kept", () => {
    const frames = Array.from({ length: 600 }, (_, at) => `main.f(0x1)\n\t/a.go:${at} +0x1\n`).join(
      "",
    );
    const dump = decodeGoroutineText(bytesOf(`goroutine 1 [select]:\n${frames}${CREATED}`));
    expect(dump.groups[0]).toMatchObject({
      elidedFrames: 88,
      createdBy: { function: "main.main" },
    });
    expect(dump.groups[0]?.frames).toHaveLength(512);
    expect(dump.groups[0]?.witnesses[0]?.words).toHaveLength(512);
    expect(codes(dump)).toEqual(["WT_PROFILE_LIMIT"]);
  });

  test("a goroutine with an overlong line is left out, its neighbours are not", () => {
    const long = goroutine(2, "select", `main.${"f".repeat(70_000)}()`);
    const text = [goroutine(1, "select", "main.f()"), long, goroutine(3, "select", "main.f()")];
    const dump = decodeGoroutineText(bytesOf(text.join("\n")));
    expect(dump).toMatchObject({ total: 3, covered: 2, truncated: false });
    expect(codes(dump)).toEqual(["WT_PROFILE_LIMIT"]);
  });

  test.each([
    ["labels", (filler: string) => `goroutine 2 [select] {a: "${filler}"}:\nmain.f()\n`],
    ["a state", (filler: string) => `goroutine 2 [${filler}]:\nmain.f()\n`],
    ["a call", (filler: string) => `goroutine 2 [select]:\nmain.${filler}()\n`],
    ["noise", (filler: string) => filler],
    [
      "a stack",
      (filler: string) =>
        `goroutine 2 [select]:\n${"main.f()\n\t/a.go:1 +0x1\n".repeat(filler.length / 25)}`,
    ],
  ])("endless %s ends in a problem and costs no more memory than goroutineBytesMax", (_, make) => {
    const decoder = new GoroutineTextDecoder({ goroutineBytesMax: 200_000 });
    const endless = bytesOf(make("x".repeat(1_000_000)));
    decoder.push(bytesOf(`${goroutine(1, "select", "main.f()")}\n`));
    for (let at = 0; at < endless.length; at += 1000) decoder.push(endless.subarray(at, at + 1000));
    decoder.push(bytesOf(`\n\n${goroutine(3, "select", "main.f()")}`));
    const dump = decoder.finish();
    expect(dump.covered).toBe(2);
    expect([...new Set(codes(dump))]).toEqual(_ === "noise" ? [] : ["WT_PROFILE_LIMIT"]);
  });

  test("counts: an endless line is passed over", () => {
    const decoder = new GoroutineTextDecoder({ goroutineBytesMax: 200_000 });
    decoder.push(
      bytesOf("goroutine profile: total 3\n1 @ 0x1\n#\t0x1\tm.f+0x1\t/a:1\n\n1 @ 0x1\n#\t"),
    );
    for (let at = 0; at < 1000; at += 1) decoder.push(bytesOf("y".repeat(1000)));
    decoder.push(bytesOf("\n\n1 @ 0x1\n#\t0x1\tm.f+0x1\t/a:1\n\n"));
    const dump = decoder.finish();
    expect(dump).toMatchObject({ total: 3, covered: 2 });
    expect(codes(dump)).toEqual(["WT_PROFILE_LIMIT"]);
  });

  test("a log without an end before the dump is no obstacle", () => {
    const decoder = new GoroutineTextDecoder({ goroutineBytesMax: 200_000 });
    for (let at = 0; at < 1000; at += 1) decoder.push(bytesOf("y".repeat(1000)));
    decoder.push(bytesOf(`\n${goroutine(3, "select", "main.f()")}`));
    expect(decoder.finish()).toMatchObject({ covered: 1, problems: [] });
  });
});

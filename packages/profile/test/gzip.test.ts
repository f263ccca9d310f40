import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodePprof, inflateGzip, isGzip } from "@watertight/profile";
import { RECORDED_PROFILES, recordedProfile } from "./pprof-fixtures.ts";

const { bytes, compressed } = recordedProfile("heap of go1.27");

test.each(RECORDED_PROFILES)("what Go compressed inflates: $name", async (recorded) => {
  expect(isGzip(recorded.compressed)).toBe(true);
  expect(isGzip(recorded.bytes)).toBe(false);
  const inflated = await inflateGzip(recorded.compressed);
  expect(inflated).toEqual({ bytes: recorded.bytes, problems: [] });
});

test("a stream in pieces of any size inflates", async () => {
  for (const size of [1, 7, 4096]) {
    const inflated = await inflateGzip(pieces(compressed, size));
    expect(inflated).toEqual({ bytes, problems: [] });
  }
});

test("input that is cut keeps what was inflated, and its samples", async () => {
  for (const length of [0, 5, 10, 1000, 4000, compressed.length - 8, compressed.length - 1]) {
    const inflated = await inflateGzip(compressed.subarray(0, length));
    expect(inflated.problems).toMatchObject([
      { code: "WT_PROFILE_TRUNCATED", offset: inflated.bytes.length },
    ]);
    expect(inflated.bytes).toEqual(bytes.subarray(0, inflated.bytes.length));
  }
  const most = await inflateGzip(compressed.subarray(0, 4000));
  expect(decodePprof(most.bytes).profile.samples.count).toBeGreaterThan(10);
});

test("a stream that dies keeps what had arrived", async () => {
  const inflated = await inflateGzip(dying(compressed.subarray(0, 3000)));
  expect(inflated.bytes.length).toBeGreaterThan(1000);
  expect(inflated.problems[0]!.message).toContain("the line went dead");
});

test("damage is told from a cut", async () => {
  const damaged = compressed.slice();
  damaged[damaged.length - 6]! ^= 0xff;
  for (const input of [damaged, new TextEncoder().encode("<html>no</html>")]) {
    const inflated = await inflateGzip(input);
    expect(inflated.problems).toMatchObject([{ code: "WT_PROFILE_CORRUPT" }]);
  }
});

describe("a file of several members", () => {
  const member = (text: string): Uint8Array => new Uint8Array(gzipSync(text));
  const parts = ["main;a 1\n", "main;b 2\n".repeat(30_000), "", "main;c 3\n"];
  const text = parts.join("");
  const file = join(parts.map(member));

  test("inflates to all of them, given at once or in pieces", async () => {
    for (const source of [file, pieces(file, 7), pieces(file, 4096)]) {
      const inflated = await inflateGzip(source);
      expect(inflated.problems).toEqual([]);
      expect(new TextDecoder().decode(inflated.bytes)).toBe(text);
    }
  });

  test("keeps those before the one that is cut, damaged or too much", async () => {
    const first = member("main;a 1\n");
    const second = member("main;b 2\n".repeat(3000));
    const cut = await inflateGzip(join([first, second.subarray(0, second.length - 9)]));
    expect(new TextDecoder().decode(cut.bytes)).toMatch(/^main;a 1\nmain;b 2\n/);
    expect(cut.problems).toMatchObject([
      { code: "WT_PROFILE_TRUNCATED", offset: cut.bytes.length },
    ]);
    const damaged = await inflateGzip(join([first, second.with(second.length - 6, 1)]));
    expect(new TextDecoder().decode(damaged.bytes)).toMatch(/^main;a 1\nmain;b 2\n/);
    expect(damaged.problems).toMatchObject([{ code: "WT_PROFILE_CORRUPT" }]);
    const bound = await inflateGzip(join([first, second]), { bytesMax: 100 });
    expect(bound.bytes).toHaveLength(100);
    expect(bound.problems).toMatchObject([{ code: "WT_PROFILE_LIMIT", offset: 100 }]);
  });

  test("is told from junk behind the last one, which is a problem", async () => {
    const inflated = await inflateGzip(join([file, new TextEncoder().encode("and more")]));
    expect(new TextDecoder().decode(inflated.bytes)).toBe(text);
    expect(inflated.problems).toMatchObject([{ code: "WT_PROFILE_CORRUPT" }]);
  });
});

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

test("a gzip bomb ends at the bound", async () => {
  const bomb = new Uint8Array(gzipSync(new Uint8Array(50_000_000)));
  for (const source of [bomb, pieces(bomb, 1000)]) {
    const inflated = await inflateGzip(source, { bytesMax: 100_000 });
    expect(inflated.bytes).toEqual(new Uint8Array(100_000));
    expect(inflated.problems).toMatchObject([{ code: "WT_PROFILE_LIMIT", offset: 100_000 }]);
  }
});

test("output of exactly the bound is whole", async () => {
  const inflated = await inflateGzip(compressed, { bytesMax: bytes.length });
  expect(inflated).toEqual({ bytes, problems: [] });
});

async function* pieces(whole: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let start = 0; start < whole.length; start += size)
    yield whole.subarray(start, start + size);
}

async function* dying(head: Uint8Array): AsyncIterable<Uint8Array> {
  yield head;
  throw new Error("the line went dead");
}

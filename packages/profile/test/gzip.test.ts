import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
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

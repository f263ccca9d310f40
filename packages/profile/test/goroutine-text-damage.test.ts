import { describe, expect, test } from "vitest";
import {
  decodeGoroutineText,
  type Frame,
  type GoroutineDump,
  GoroutineTextDecoder,
  ProfileError,
  RUNTIME_DUMP_BYTES_MAX,
} from "../src/index.ts";
import { bytesOf, readFixtures } from "./goroutine-fixtures.ts";
import { comparableDump } from "./goroutine-reference.ts";

const fixture = (name: RegExp): Uint8Array => readFixtures(name)[0]?.bytes ?? new Uint8Array();
const dump26 = fixture(/go-1.26\/goroutine\.debug2$/);
const counts19 = fixture(/go-1.19\/goroutine\.debug1$/);

function decodeCut(bytes: Uint8Array): GoroutineDump | undefined {
  try {
    return decodeGoroutineText(bytes);
  } catch (error) {
    if (error instanceof ProfileError) return undefined;
    throw error;
  }
}

const placeOf = (frame: Frame | undefined): string =>
  `${frame?.function} ${frame?.file}:${frame?.line}`;

/** A small dump with one of everything, for tests that are quadratic in its length. */
const SMALL = `panic: oh no

goroutine 1 [running]:
main.main()
	/src/main.go:9 +0x1f

goroutine 18 gp=0xc1 m=nil [chan send (leaked), 12 minutes, locked to thread] {a: b, "c d": "e\\n"}:
main.(*Queue[...]).Push({0xc000012345, 0x5?}, _, ...)
	/src/main.go:12 +0x1f
...7 frames elided...
main.run(...)
	/src/main.go:13
created by main.start in goroutine 1
	/src/main.go:3 +0x2
[originating from goroutine 1]:
main.main(...)
	/src/main.go:8 +0x3

goroutine 19 [select]:
	goroutine running on other thread; stack unavailable
created by main.start in goroutine 1
	/src/main.go:3 +0x2

goroutine 20 [chan send]:
main.send(0x1)
	/src/send.go:4 +0x8
created by time.goFunc
	/time/sleep.go:176 +0x32
`;

describe("a dump that was cut", () => {
  test("at every byte: each goroutine before the cut is kept whole, and the cut is named", () => {
    const whole = decodeGoroutineText(dump26);
    const ids = new Map(whole.groups.flatMap((group) => [...group.ids].map((id) => [id, group])));
    const text = new TextDecoder().decode(dump26);
    const ends = [...text.matchAll(/\n\n|\n$/g)].map(({ index }) => index + 1);
    for (let cut = 0; cut < dump26.length; cut += 1) {
      const dump = decodeCut(dump26.subarray(0, cut));
      const wholeBefore = ends.filter((end) => end <= cut).length;
      const misread = dump?.groups.filter((group) => {
        const original = ids.get(group.ids[0] as number);
        return (
          original?.frames.length !== group.frames.length ||
          placeOf(original.frames.at(-1)) !== placeOf(group.frames.at(-1)) ||
          placeOf(original.createdBy) !== placeOf(group.createdBy)
        );
      });
      // The last creator's place may have lost some of its pc offset, which nothing depends on.
      const covered = dump?.covered ?? 0;
      const isAsExpected =
        (misread ?? []).length === 0 &&
        (covered === wholeBefore || covered === wholeBefore + 1) &&
        dump?.truncated === (dump && dump.total > covered) &&
        dump?.problems.length === (dump && (dump.truncated ? 1 : 0));
      if (!isAsExpected) expect.fail(`cut at ${cut}: ${JSON.stringify(dump?.problems)}`);
    }
  });

  test("at every byte of a crash: it never reads what is not there", () => {
    const bytes = bytesOf(SMALL);
    const keys = new Set(
      comparableDump(decodeGoroutineText(bytes)).map((group) => (group as { key: string }).key),
    );
    for (let cut = 0; cut < bytes.length; cut += 1) {
      const dump = decodeCut(bytes.subarray(0, cut));
      for (const group of dump === undefined ? [] : comparableDump(dump)) {
        expect(keys).toContain((group as { key: string }).key);
      }
    }
  });

  test("counts, at every byte: each stack before the cut is kept, the total is what was promised", () => {
    const firstLineBytes = counts19.indexOf(10) + 1;
    const whole = decodeGoroutineText(counts19);
    const stacks = whole.groups.map((group) => JSON.stringify([group.frames, group.labels]));
    for (let cut = firstLineBytes; cut < counts19.length; cut += 1) {
      const dump = decodeGoroutineText(counts19.subarray(0, cut));
      expect(dump.total).toBe(whole.total);
      expect(dump.truncated).toBe(true);
      expect(dump.problems.map(({ code }) => code)).toEqual(["WT_PROFILE_TRUNCATED"]);
      for (const group of dump.groups) {
        expect(stacks).toContain(JSON.stringify([group.frames, group.labels]));
      }
    }
  });

  test("at the runtime's 64 MiB, even between two goroutines", () => {
    const goroutine =
      "goroutine 7 [select]:\nmain.f()\n\t/a.go:1 +0x1\ncreated by main.g\n\t/a.go:2 +0x2\n";
    const filler = `goroutine 8 [select]:\n${"x".repeat(10_000)}.f()\n\t/a.go:1 +0x1\ncreated by main.g\n\t/a.go:2 +0x2\n\n`;
    const decoder = new GoroutineTextDecoder();
    const block = bytesOf(filler);
    let left = RUNTIME_DUMP_BYTES_MAX - goroutine.length;
    for (; left >= block.length; left -= block.length) decoder.push(block);
    decoder.push(bytesOf("\n".repeat(left) + goroutine));
    const dump = decoder.finish();
    expect(dump.covered).toBe(dump.total);
    expect(dump.truncated).toBe(true);
    expect(dump.problems).toMatchObject([
      { code: "WT_PROFILE_TRUNCATED", offset: RUNTIME_DUMP_BYTES_MAX },
    ]);
  });
});

describe("a dump that comes in pieces", () => {
  const small = bytesOf(SMALL);

  test("split in two at every byte, it reads the same", () => {
    const expected = decodeGoroutineText(small);
    for (let split = 0; split <= small.length; split += 1) {
      const decoder = new GoroutineTextDecoder();
      decoder.push(small.subarray(0, split));
      decoder.push(small.subarray(split));
      expect(decoder.finish()).toEqual(expected);
    }
  });

  test("byte by byte, it reads the same", () => {
    for (const { bytes } of readFixtures(/go-1.27\/goroutine\.debug[12]$/)) {
      const decoder = new GoroutineTextDecoder();
      for (const byte of bytes) decoder.push(Uint8Array.of(byte));
      expect(decoder.finish()).toEqual(decodeGoroutineText(bytes));
    }
  });

  test("in large chunks that split it anywhere, it reads the same as at once", () => {
    const [first, ...rest] = new TextDecoder().decode(dump26).split("\n\n");
    const many = bytesOf([first, ...Array.from({ length: 40 }, () => rest).flat()].join("\n\n"));
    const expected = comparableDump(decodeGoroutineText(many));
    for (let chunkBytes = 65_536; chunkBytes < 140_000; chunkBytes += 7919) {
      const decoder = new GoroutineTextDecoder();
      for (let at = 0; at < many.length; at += chunkBytes) {
        decoder.push(many.slice(at, at + chunkBytes));
      }
      expect(comparableDump(decoder.finish())).toEqual(expected);
    }
  });

  test("a chunk may be overwritten once it was pushed", () => {
    const decoder = new GoroutineTextDecoder();
    const buffer = Buffer.alloc(1000);
    for (let at = 0; at < dump26.length; at += buffer.length) {
      const piece = dump26.subarray(at, at + buffer.length);
      buffer.set(piece);
      decoder.push(buffer.subarray(0, piece.length));
      buffer.fill(0x58);
    }
    expect(comparableDump(decoder.finish())).toEqual(comparableDump(decodeGoroutineText(dump26)));
  });
});

describe("a dump that was damaged", () => {
  test("by one flipped bit anywhere: all but one goroutine is read, nothing is thrown", () => {
    const whole = decodeGoroutineText(dump26);
    for (let position = 30; position < dump26.length; position += 37) {
      const damaged = dump26.slice();
      damaged[position] = (damaged[position] as number) ^ (1 << (position % 8));
      const dump = decodeGoroutineText(damaged);
      expect(dump.covered).toBeGreaterThanOrEqual(whole.covered - 2);
      expect(dump.covered).toBeLessThanOrEqual(whole.covered);
    }
  });

  test("in the middle: reading goes on at the next goroutine, and the damage is named with its place", () => {
    const text = SMALL.replace("main.send(0x1)\n\t/src", "main.send(0x1)\u0000/src");
    const dump = decodeGoroutineText(bytesOf(`${text}\n${SMALL.slice(14)}`));
    expect(dump.problems).toMatchObject([
      {
        code: "WT_PROFILE_CORRUPT",
        offset: bytesOf(text.slice(0, text.indexOf("goroutine 20"))).length,
      },
    ]);
    expect(dump.total - dump.covered).toBe(1);
  });

  test("all over: problems are bounded and counted", () => {
    const broken = "goroutine 5 [select]:\nmain.f()\nmain.g()\n\t/a.go:1 +0x1\n\n";
    const dump = decodeGoroutineText(bytesOf(broken.repeat(500)));
    expect(dump).toMatchObject({ total: 500, covered: 0 });
    expect(dump.problems).toHaveLength(101);
    expect(dump.problems.at(-1)?.message).toContain("400 more problems");
  });
});

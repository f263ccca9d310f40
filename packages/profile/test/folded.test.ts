import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFolded, decodePprof, encodeFolded, FoldedDecoder } from "@watertight/profile";
import { expectConsistent } from "./consistent-profile.ts";
import { recordedProfile } from "./pprof-fixtures.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test("folded stacks become samples, leaf first", () => {
  const { profile, problems } = decodeFolded(bytesOf("main;serve;read 3\nmain;serve 2\n"));
  const { strings, functions, locations, samples } = profile;
  const names = Array.from(
    samples.stack,
    (row) => strings[functions.name[locations.lineFunction[row]!]!],
  );
  expect(problems).toEqual([]);
  expect(names).toEqual(["read", "serve", "main", "serve", "main"]);
  expect([...samples.stackOffset]).toEqual([0, 3, 5]);
  expect(samples.values).toEqual([BigInt64Array.of(3n, 2n)]);
  expect(functions.count).toBe(3);
});

test("frames may hold spaces, and lines may end in a carriage return, or be comments or empty", () => {
  const text = "# by hand\r\n\r\njava/lang/Object wait (native);x y 7\r\nlast -1";
  const { profile, problems } = decodeFolded(bytesOf(text));
  expect(problems).toEqual([]);
  expect(profile.strings).toEqual(["", "java/lang/Object wait (native)", "x y", "last"]);
  expect(profile.samples.values).toEqual([BigInt64Array.of(7n, -1n)]);
});

test("a differential file has two counts a line, the earlier one first", () => {
  const { profile, problems } = decodeFolded(
    bytesOf("# difffolded.pl\nmain;serve;read 3 5\r\nmain;idle 2 0\nmain;wait 7\nmain x 1 4\n"),
    { countsPerLine: 2 },
  );
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    ["WT_PROFILE_BAD_LINE", "The line cannot be read: it does not end in two whole numbers."],
  ]);
  expect(profile.sampleTypes.map(({ type }) => type)).toEqual(["before", "samples"]);
  expect(profile.samples.values).toEqual([
    BigInt64Array.of(3n, 2n, 1n),
    BigInt64Array.of(5n, 0n, 4n),
  ]);
  expect(profile.strings).toEqual(["", "main", "serve", "read", "idle", "main x"]);
});

test("a whole file is taken for a differential one when each line has two counts, and for no other", () => {
  const typesOf = (text: string): number => decodeFolded(bytesOf(text)).profile.sampleTypes.length;
  expect(typesOf("main;a 3 5\nmain;b 2 0\n")).toBe(2);
  expect(typesOf("main;worker 3 5\n")).toBe(1);
  expect(typesOf("main;worker 3 5\nmain;b 2\n")).toBe(1);
  expect(typesOf("main;worker 3 5\n".repeat(9000))).toBe(2);
});

test("values are exact over int64 and refused beyond", () => {
  const text = "a 9223372036854775807\nb -9223372036854775808\nc 9223372036854775808\nd 1.5\ne\n";
  const { profile, problems } = decodeFolded(bytesOf(text));
  expect(profile.samples.values[0]).toEqual(BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n)));
  expect(problems.map(({ code, offset }) => [code, offset])).toEqual([
    ["WT_PROFILE_BAD_LINE", text.indexOf("c ")],
    ["WT_PROFILE_BAD_LINE", text.indexOf("d ")],
    ["WT_PROFILE_BAD_LINE", text.indexOf("e\n")],
  ]);
});

test("what is written reads back the same", () => {
  const frame = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 8 })
    .map((text) => text.replaceAll(/[;\s#]/g, "_"));
  const stacks = fc.dictionary(
    fc.array(frame, { minLength: 1, maxLength: 6 }).map((f) => f.join(";")),
    fc.bigInt({ min: 1n, max: 2n ** 62n }),
  );
  fc.assert(
    fc.property(stacks, (stacks) => {
      const lines = Object.entries(stacks).map(([stack, count]) => `${stack} ${count}\n`);
      const { profile, problems } = decodeFolded(bytesOf(lines.join("")));
      expect(problems).toEqual([]);
      expect(textOf(encodeFolded(profile))).toBe(lines.join(""));
    }),
    { numRuns: 200 },
  );
});

test("chunks may end anywhere", () => {
  const bytes = bytesOf("grün;b 1\n\nmain;ß;c 22\r\nbad\nx 3");
  const whole = decodeFolded(bytes);
  for (let size = 1; size < bytes.length; size++) {
    const decoder = new FoldedDecoder();
    for (let start = 0; start < bytes.length; start += size) {
      decoder.push(bytes.subarray(start, start + size));
    }
    expect(decoder.finish()).toEqual(whole);
  }
});

test("any bytes at all give a consistent profile", () => {
  const piece = fc.constantFrom(";", " ", "\n", "1", "-", "a", "ß", "\r", "#", "\u0000");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      expectConsistent(decodeFolded(bytesOf(pieces.join(""))).profile);
    }),
    { numRuns: 500 },
  );
});

describe("encoding a pprof profile", () => {
  const { profile } = decodePprof(recordedProfile("cpu of go1.27").bytes);

  test("writes the default sample type, inlined calls included", () => {
    const text = textOf(encodeFolded(profile));
    const sum = [...text.matchAll(/ (\d+)$/gm)].reduce((total, [, n]) => total + BigInt(n!), 0n);
    expect(sum).toBe(profile.samples.values[1]!.reduce((total, value) => total + value, 0n));
    expect(text).toMatch(/^runtime\.main;main\.main;.*main\.burn;main\.checksum;hash\/crc32/m);
  });

  test("writes the sample type that was asked for", () => {
    const text = textOf(encodeFolded(profile, { sampleType: "samples" }));
    const sum = [...text.matchAll(/ (\d+)$/gm)].reduce((total, [, n]) => total + BigInt(n!), 0n);
    expect(sum).toBe(profile.samples.values[0]!.reduce((total, value) => total + value, 0n));
  });

  test("names the sample types there are when the one asked for is not among them", () => {
    expect(() => encodeFolded(profile, { sampleType: "inuse" })).toThrow(
      /WT_PROFILE_INCOMPATIBLE.*\["samples","cpu"\]/,
    );
  });
});

test("limits leave the rest out with a problem that names them", () => {
  const text = "a;b 1\nc;d 2\ne;f 3\n" + "x".repeat(50) + " 4\n";
  const cases = [
    [{ samplesMax: 2 }, 2, "samplesMax (2)"],
    [{ framesMax: 3 }, 2, "framesMax (3)"],
    [{ lineBytesMax: 20 }, 3, "lineBytesMax (20)"],
  ] as const;
  for (const [options, count, named] of cases) {
    const { profile, problems } = decodeFolded(bytesOf(text), options);
    expect(profile.samples.count).toBe(count);
    expect(problems[0]!.message).toContain(named);
    const decoder = new FoldedDecoder(options);
    for (const byte of bytesOf(text)) decoder.push(Uint8Array.of(byte));
    expect(decoder.finish()).toEqual({ profile, problems });
  }
});

import { describe, expect, test } from "vitest";
import { decodeGoroutineText } from "../src/index.ts";
import { bytesOf, fixtureFolder, printDump, readFixtures } from "./goroutine-fixtures.ts";
import { comparable, comparableDump, decodeByReference } from "./goroutine-reference.ts";

describe("captures of real programs", () => {
  test.each(readFixtures(/\.debug[12]$|\.txt$/))(
    "$name reads as its golden says",
    async ({ name, bytes }) => {
      const dump = decodeGoroutineText(bytes, { leakProfile: name.includes("goroutineleak") });
      expect(dump.problems).toEqual([]);
      expect(dump.truncated).toBe(false);
      await expect(printDump(dump)).toMatchFileSnapshot(`${fixtureFolder}/${name}.golden`);
    },
  );

  test.each(readFixtures(/\.debug2$|\.txt$/))(
    "$name reads as the reference decoder reads it",
    ({ bytes }) => {
      const reference = decodeByReference(new TextDecoder().decode(bytes));
      const dump = decodeGoroutineText(bytes);
      expect(comparableDump(dump)).toEqual(comparable(reference));
      for (const group of dump.groups) {
        for (const witness of group.witnesses) {
          const words = reference.find((each) => each.words.has(witness.id))?.words.get(witness.id);
          expect(witness.words).toEqual(words);
        }
      }
    },
  );

  test("groups add up to what was covered, and every id is in one group only", () => {
    for (const { bytes } of readFixtures(/\.debug2$|\.txt$/)) {
      const dump = decodeGoroutineText(bytes);
      const ids = dump.groups.flatMap((group) => [...group.ids]);
      expect(new Set(ids).size).toBe(dump.covered);
      expect(dump.groups.reduce((sum, group) => sum + group.count, 0)).toBe(dump.covered);
    }
  });

  test("a leak profile at debug=1 says so itself and proves every goroutine in it", () => {
    const [fixture] = readFixtures(/goroutineleak\.debug1$/);
    const dump = decodeGoroutineText(fixture?.bytes ?? new Uint8Array());
    expect(dump.leakProfile).toBe(true);
    expect(dump.groups.every((group) => group.leaked === group.count)).toBe(true);
  });
});

describe("what stands around a dump", () => {
  const dump = readFixtures(/go-1.27\/goroutine\.debug2$/)[0]?.bytes ?? new Uint8Array();
  const text = new TextDecoder().decode(dump);
  const expected = comparableDump(decodeGoroutineText(dump));
  const counts = new TextDecoder().decode(readFixtures(/go-1.27\/goroutine\.debug1$/)[0]?.bytes);

  test.each([
    ["log lines before", `starting\n2024/01/01 listening on :80\npanic: oh no\n\n${text}`],
    ["a verdict after", `${text}exit status 2\n`],
    ["a test verdict after", `${text}exit status 2\nFAIL\texample.com/waits\t0.01s\nFAIL\n`],
    ["carriage returns", text.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff${text}`],
    ["blank lines before", `\n\n${text}`],
    [
      "container log prefixes",
      text
        .replaceAll(/^/gm, "2024-05-01T10:00:00.123456789Z stderr F ")
        .replace(/^2024\S+ stderr F $(?![^])/m, ""),
    ],
    [
      "compose prefixes",
      text
        .split("\n")
        .map((line) => `api-1  | ${line}`.trimEnd())
        .join("\n"),
    ],
    [
      "timestamps that change length",
      text
        .split("\n")
        .map((line, at) => `2024-05-01T10:00:${at}.${at}Z ${line}`)
        .join("\n"),
    ],
    [
      "a prefix and carriage returns",
      text
        .split("\n")
        .map((line) => `[pod/api-7f/main] ${line}\r`)
        .join("\n"),
    ],
  ])("%s: the dump reads the same", (_, wrapped) => {
    const read = decodeGoroutineText(bytesOf(wrapped));
    expect(comparableDump(read)).toEqual(expected);
    expect(read.problems).toEqual([]);
  });

  test("counts with prefixes read the same", () => {
    const wrapped = counts
      .split("\n")
      .map((line) => `web-1  | ${line}`)
      .join("\n");
    expect(decodeGoroutineText(bytesOf(`hello\n${wrapped}`))).toEqual(
      decodeGoroutineText(bytesOf(counts)),
    );
  });

  test("somebody who only speaks of goroutines is no dump", () => {
    const talk = "error in goroutine 5 [running]:\nnothing more\n";
    expect(() => decodeGoroutineText(bytesOf(talk))).toThrow("WT_PROFILE_UNKNOWN_FORMAT");
  });

  test("no bytes are no dump", () => {
    expect(() => decodeGoroutineText(new Uint8Array())).toThrow("WT_PROFILE_UNKNOWN_FORMAT");
  });

  test("a pasted dump without its last newline is whole", () => {
    const pasted = decodeGoroutineText(bytesOf(text.trimEnd()));
    expect(comparableDump(pasted)).toEqual(expected);
    expect(pasted.truncated).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import {
  decodeGoroutineText,
  decodePprof,
  encodeGoroutineText,
  encodeGoroutineTextChunks,
  encodePprof,
  goroutinesFromProfile,
  profileFromGoroutines,
} from "../src/index.ts";
import { readFixtures } from "./goroutine-fixtures.ts";
import { comparableDump } from "./goroutine-reference.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("goroutines as text", () => {
  test.each(readFixtures(/\.debug2$|\.txt$/))(
    "$name, decoded and written at debug=2, decodes to the same goroutines",
    ({ bytes }) => {
      const dump = decodeGoroutineText(bytes);
      const written = encodeGoroutineText(dump, { debug: 2 });
      const again = decodeGoroutineText(written);
      expect(again.problems).toEqual([]);
      expect(comparableDump(again)).toEqual(comparableDump(dump));
      expect(again.groups.map((group) => group.witnesses)).toEqual(
        dump.groups.map((group) => group.witnesses),
      );
      expect(text(encodeGoroutineText(again, { debug: 2 }))).toBe(text(written));
    },
  );

  test.each(readFixtures(/\.debug[12]$|\.txt$/))(
    "$name, written at debug=1, is the same counts and frames for good",
    ({ bytes }) => {
      const dump = decodeGoroutineText(bytes);
      const once = decodeGoroutineText(encodeGoroutineText(dump, { debug: 1 }));
      expect(once).toMatchObject({ total: dump.total, covered: dump.covered, problems: [] });
      expect(decodeGoroutineText(encodeGoroutineText(once, { debug: 1 }))).toEqual(once);
    },
  );

  test("counts without ids are numbered when written at debug=2", () => {
    const [counts] = readFixtures(/go-1.27\/goroutine\.debug1$/);
    const dump = decodeGoroutineText(counts?.bytes ?? new Uint8Array());
    const again = decodeGoroutineText(encodeGoroutineText(dump, { debug: 2 }));
    expect(again.covered).toBe(dump.covered);
    expect(again.groups.map(({ count, frames }) => [count, frames])).toEqual(
      dump.groups.map(({ count, frames }) => [count, frames]),
    );
  });

  test("chunks are bounded, whatever the size of the dump", () => {
    const group = {
      ...decodeGoroutineText(
        readFixtures(/go-1.27\/goroutine\.debug2$/)[0]?.bytes ?? new Uint8Array(),
      ),
    };
    const [first] = group.groups;
    if (first === undefined) throw new Error("the capture has no groups");
    const dump = { ...group, groups: [{ ...first, count: 20_000 }] };
    const lengths = [...encodeGoroutineTextChunks(dump, { debug: 2 })].map(({ length }) => length);
    expect(lengths.length).toBeGreaterThan(10);
    expect(Math.max(...lengths)).toBeLessThan(140_000);
  });
});

describe("goroutines as a profile", () => {
  const dump = decodeGoroutineText(
    readFixtures(/go-1.27\/goroutine\.debug2$/)[0]?.bytes ?? new Uint8Array(),
  );
  const roots = (by: Parameters<typeof profileFromGoroutines>[1]): Map<string, bigint> => {
    const { samples, locations, functions, strings } = profileFromGoroutines(dump, by);
    const counts = new Map<string, bigint>();
    for (let sample = 0; sample < samples.count; sample += 1) {
      const location = samples.stack[(samples.stackOffset[sample + 1] ?? 0) - 1] as number;
      const row = locations.lineFunction[locations.lineOffset[location] ?? 0] as number;
      const name = strings[functions.name[row] as number] as string;
      counts.set(name, (counts.get(name) ?? 0n) + (samples.values[0]?.[sample] ?? 0n));
    }
    return counts;
  };

  test("every goroutine is counted once, whatever the stacks are split by", () => {
    for (const by of [
      {},
      { by: "state" },
      { by: "creator" },
      { by: { label: "plain" } },
    ] as const) {
      const sum = [...roots(by).values()].reduce((total, count) => total + count, 0n);
      expect(sum).toBe(BigInt(dump.covered));
    }
  });

  test("split by state, creator or label, that is the outermost frame", () => {
    expect(roots({ by: "state" }).get("chan send")).toBe(4n);
    expect(roots({ by: "creator" }).get("time.goFunc")).toBe(1n);
    expect(roots({ by: "creator" }).get("(no creator)")).toBe(1n);
    expect(roots({ by: { label: "plain" } }).get("plain: v1")).toBe(1n);
    expect(roots({ by: { label: "plain" } }).get("(no plain)")).toBe(BigInt(dump.covered - 1));
  });

  test("it is a pprof profile that reads back as the same stacks and labels", () => {
    const profile = decodePprof(encodePprof(profileFromGoroutines(dump))).profile;
    const again = goroutinesFromProfile(profile);
    expect(again.total).toBe(dump.total);
    // Stacks that only their creator or their gap tells apart are one in a profile.
    const summary = (each: typeof dump, dropState: boolean): Map<string, number> => {
      const counts = new Map<string, number>();
      for (const group of each.groups) {
        const { state: _, ...labels } = group.labels;
        const key = JSON.stringify([group.frames, dropState ? labels : group.labels]);
        counts.set(key, (counts.get(key) ?? 0) + group.count);
      }
      return counts;
    };
    expect(summary(again, true)).toEqual(summary(dump, false));
  });
});

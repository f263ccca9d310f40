import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePprof, encodePprof } from "@watertight/profile";
import { expectConsistent } from "./consistent-profile.ts";
import { RECORDED_PROFILES, recordedProfile } from "./pprof-fixtures.ts";
import { renderRaw } from "./raw-text.ts";

describe.each(RECORDED_PROFILES)("the recorded profile $name", ({ bytes }) => {
  test("cut at any byte, gives the whole messages before the cut and says where it was cut", () => {
    let samplesBefore = 0;
    for (let length = 0; length < bytes.length; length++) {
      const { profile, problems } = decodePprof(bytes.subarray(0, length));
      expectConsistent(profile);
      if (profile.samples.count < samplesBefore) expect.fail(`${length} bytes lose a sample`);
      samplesBefore = profile.samples.count;
      const beyond = problems.find(({ offset }) => offset > length);
      if (beyond) expect.fail(`${length} bytes have a problem at byte ${beyond.offset}`);
    }
    expect(samplesBefore).toBe(decodePprof(bytes).profile.samples.count);
  });

  test("re-encoded and cut at any byte, keeps the names of every sample that is left", () => {
    const { profile: whole } = decodePprof(bytes);
    const encoded = encodePprof(whole);
    const lines = renderRaw(whole);
    for (let length = encoded.length - 1; length > 0; length -= 37) {
      const { profile } = decodePprof(encoded.subarray(0, length));
      if (profile.samples.count === 0) break;
      const { samples, ...rest } = whole;
      expect(profile).toEqual({ ...rest, samples: profile.samples });
      expect(lines).toEqual(expect.arrayContaining(renderRaw(profile)));
      expect(samples.count).toBeGreaterThanOrEqual(profile.samples.count);
    }
  });
});

test("a cut inside a message is truncation at the byte where that message began", () => {
  const whole = decodePprof(recordedProfile("heap of go1.27").bytes).profile;
  const bytes = encodePprof(whole);
  const { profile, problems } = decodePprof(bytes.subarray(0, -3));
  expect(problems).toMatchObject([{ code: "WT_PROFILE_TRUNCATED" }]);
  expect(problems[0]!.message).toBe("The profile ends in the middle of a sample.");
  expect(profile.samples.count).toBe(whole.samples.count - 1);
  expect(decodePprof(bytes.subarray(0, problems[0]!.offset))).toEqual({ profile, problems: [] });
});

test("a cut that loses the string table says so once, not once for each name", () => {
  const { bytes } = recordedProfile("heap of go1.27");
  const { profile, problems } = decodePprof(bytes.subarray(0, bytes.length / 2));
  expect(profile.samples.count).toBeGreaterThan(10);
  expect(problems.map(({ code }) => code).toSorted()).toEqual([
    "WT_PROFILE_MISSING_REFERENCE",
    "WT_PROFILE_MISSING_REFERENCE",
    "WT_PROFILE_TRUNCATED",
  ]);
});

test("flipping any bits never throws, hangs or leaves a dangling reference", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RECORDED_PROFILES),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })), { minLength: 1, maxLength: 8 }),
      ({ bytes }, flips) => {
        const damaged = bytes.slice();
        for (const [position, bit] of flips) damaged[position % damaged.length]! ^= 1 << bit;
        expectConsistent(decodePprof(damaged).profile);
      },
    ),
    { numRuns: 1500 },
  );
});

test("any bytes at all give a consistent profile", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expectConsistent(decodePprof(bytes).profile);
    }),
    { numRuns: 1500 },
  );
});

describe("damage is told by code and offset", () => {
  const types = [0x0a, 4, 0x08, 1, 0x10, 1];
  const strings = [0x32, 0, 0x32, 1, 0x78];
  const location = [0x22, 2, 0x08, 1];

  test("a sample that breaks off is left out, and the ones around it stay", () => {
    const good = [0x12, 6, 0x0a, 1, 1, 0x12, 1, 5];
    const bad = [0x12, 4, 0x0a, 9, 1, 1];
    const { profile, problems } = decodeBytes(types, good, bad, good, location, strings);
    expect([...profile.samples.values[0]!]).toEqual([5n, 5n]);
    expect(problems).toMatchObject([{ code: "WT_PROFILE_CORRUPT", offset: 6 + 8 + 2 }]);
  });

  test("a sample keeps its other locations when one is missing", () => {
    const sample = [0x12, 8, 0x0a, 3, 1, 9, 1, 0x12, 1, 5];
    const { profile, problems } = decodeBytes(types, sample, location, strings);
    expect([...profile.samples.stack]).toEqual([0, 0]);
    expect(problems).toMatchObject([{ code: "WT_PROFILE_MISSING_REFERENCE", offset: 8 }]);
    expect(problems[0]!.message).toContain("1 of a sample's locations");
  });

  test("a line without its function gets an unknown one", () => {
    const sample = [0x12, 6, 0x0a, 1, 1, 0x12, 1, 5];
    const withLine = [0x22, 6, 0x08, 1, 0x22, 2, 0x08, 77];
    const { profile, problems } = decodeBytes(types, sample, withLine, strings);
    expect(profile.functions.count).toBe(1);
    expect(profile.strings[profile.functions.name[profile.locations.lineFunction[0]!]!]).toBe("");
    expect(problems[0]!.message).toContain("function 77");
  });

  test("too few values are zero, too many are left out", () => {
    const none = [0x12, 3, 0x0a, 1, 1];
    const two = [0x12, 7, 0x0a, 1, 1, 0x12, 2, 5, 6];
    const { profile, problems } = decodeBytes(types, none, two, location, strings);
    expect([...profile.samples.values[0]!]).toEqual([0n, 5n]);
    expect(problems.map(({ code }) => code)).toEqual(["WT_PROFILE_CORRUPT", "WT_PROFILE_CORRUPT"]);
  });

  test("gzip is named as such, and nothing else is said of it", () => {
    const { profile, problems } = decodePprof(recordedProfile("cpu of go1.27").compressed);
    expect(profile.samples.count).toBe(0);
    expect(problems.map(({ code }) => code)).toEqual(["WT_PROFILE_COMPRESSED"]);
  });

  test("an HTML page and no bytes at all are no profile", () => {
    for (const text of ["<!doctype html><title>404</title>", ""]) {
      const { problems } = decodePprof(new TextEncoder().encode(text));
      expect(problems.at(-1)).toMatchObject({ code: "WT_PROFILE_UNKNOWN_FORMAT", offset: 0 });
    }
  });

  test("problems are bounded, and the last says how many more there were", () => {
    const sample = [0x12, 3, 0x0a, 1, 9];
    const { problems } = decodePprof(
      Uint8Array.from([...types, ...Array.from({ length: 500 }, () => sample).flat()]),
      {
        problemsMax: 10,
      },
    );
    expect(problems).toHaveLength(11);
    expect(problems[10]).toMatchObject({ code: "WT_PROFILE_LIMIT" });
    expect(problems[10]!.message).toMatch(/with \d+ more problems/);
  });
});

describe("limits", () => {
  const { bytes } = recordedProfile("heap of go1.27");
  const whole = decodePprof(bytes).profile;

  test.each([
    ["bytesMax", 3000],
    ["samplesMax", 5],
    ["stackEntriesMax", 20],
    ["valuesMax", 40],
    ["labelsMax", 3],
    ["sampleTypesMax", 2],
    ["locationsMax", 7],
    ["linesMax", 9],
    ["functionsMax", 4],
    ["mappingsMax", 1],
    ["stringsMax", 10],
  ])("%s bounds what is decoded, with a problem that names it", (limit, value) => {
    const { profile, problems } = decodePprof(bytes, { [limit]: value });
    expectConsistent(profile);
    const limited = problems.find(({ code }) => code === "WT_PROFILE_LIMIT");
    expect(limited!.message).toContain(`${limit} (${value})`);
    expect(profile.samples.count).toBeLessThanOrEqual(whole.samples.count);
  });

  test("samplesMax keeps the first samples whole", () => {
    const { profile } = decodePprof(bytes, { samplesMax: 5 });
    expect(profile.samples.count).toBe(5);
    expect(profile.samples.values[3]).toEqual(whole.samples.values[3]!.slice(0, 5));
    expect(profile.strings).toEqual(whole.strings);
  });
});

function decodeBytes(...parts: number[][]): ReturnType<typeof decodePprof> {
  return decodePprof(Uint8Array.from(parts.flat()));
}

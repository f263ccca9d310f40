import { Profile as PeerProfile } from "pprof-format";
import { describe, expect, test } from "vitest";
import { decodePprof, encodePprof, type Profile } from "@watertight/profile";
import { RECORDED_PROFILES, recordedProfile } from "./pprof-fixtures.ts";
import { rawBody, renderRaw } from "./raw-text.ts";

describe.each(RECORDED_PROFILES)("the recorded profile $name", ({ bytes, raw }) => {
  test("says what go tool pprof -raw says of it", () => {
    const { profile, problems } = decodePprof(bytes);
    expect(problems).toEqual([]);
    expect(renderRaw(profile)).toEqual(rawBody(raw));
  });

  test("decodes to the samples that pprof-format finds", () => {
    const { profile } = decodePprof(bytes);
    const peer = PeerProfile.decode(bytes);
    expect(profile.strings).toEqual(peer.stringTable.strings);
    expect(profile.samples.count).toBe(peer.sample.length);
    for (const [row, sample] of peer.sample.entries()) {
      const { stack, stackOffset, values } = profile.samples;
      const ids = [...stack.subarray(stackOffset[row], stackOffset[row + 1])].map((i) => i + 1);
      expect(ids).toEqual(sample.locationId.map(Number));
      expect(values.map((column) => column[row])).toEqual(sample.value.map(BigInt));
    }
    expect(profile.timeNanos).toBe(BigInt(peer.timeNanos));
    expect(profile.durationNanos).toBe(BigInt(peer.durationNanos));
    expect(profile.period).toBe(BigInt(peer.period));
  });

  test("is the same profile after encoding and decoding again", () => {
    const { profile } = decodePprof(bytes);
    const again = decodePprof(encodePprof(profile));
    expect(again).toEqual({ profile, problems: [] });
  });
});

test("the columns of a CPU profile hold its labels, times and types", () => {
  const { profile } = decodePprof(recordedProfile("cpu of go1.27").bytes);
  const { samples, strings } = profile;
  const labels = Array.from(samples.labelKey, (key, row) => [
    strings[key],
    strings[samples.labelString[row]!],
  ]);
  expect(profile.sampleTypes).toEqual([
    { type: "samples", unit: "count" },
    { type: "cpu", unit: "nanoseconds" },
  ]);
  expect(labels).toContainEqual(["http.route", "/orders/{id}"]);
  expect(labels).toContainEqual(["tenant", "grün"]);
  expect(profile.periodType).toEqual({ type: "cpu", unit: "nanoseconds" });
  expect(profile.period).toBe(10_000_000n);
  expect(profile.durationNanos).toBeGreaterThan(200_000_000n);
});

test("every column survives a round trip at the ends of its range", () => {
  const profile = extremeProfile();
  expect(decodePprof(encodePprof(profile))).toEqual({ profile, problems: [] });
});

test("encoding a profile whose header uses new texts adds them to the table", () => {
  const profile = { ...extremeProfile(), comments: ["brand new"], dropFrames: "also.new" };
  const { profile: again } = decodePprof(encodePprof(profile));
  expect(again.comments).toEqual(["brand new"]);
  expect(again.dropFrames).toBe("also.new");
});

/** Largest and smallest values everywhere, and every optional thing present. */
function extremeProfile(): Profile {
  const most = 2n ** 63n - 1n;
  const least = -(2n ** 63n);
  const all = 2n ** 64n - 1n;
  return {
    strings: ["", "f", "F", "f.go", "unit", "key", "value", "/bin/x", "build", "note", "∂rop"],
    sampleTypes: [
      { type: "f", unit: "unit" },
      { type: "key", unit: "value" },
    ],
    defaultSampleType: "key",
    functions: {
      count: 2,
      name: Uint32Array.of(1, 2),
      systemName: Uint32Array.of(2, 1),
      file: Uint32Array.of(3, 0),
      startLine: BigInt64Array.of(most, least),
    },
    mappings: {
      count: 2,
      start: BigUint64Array.of(0n, all),
      limit: BigUint64Array.of(all, 1n),
      offset: BigUint64Array.of(2n ** 63n, 0n),
      file: Uint32Array.of(7, 0),
      buildId: Uint32Array.of(8, 0),
      flags: Uint8Array.of(0b1111, 0b0100),
    },
    locations: {
      count: 3,
      address: BigUint64Array.of(all, 2n ** 32n, 0n),
      mapping: Uint32Array.of(1, 0xffff_ffff, 0),
      isFolded: Uint8Array.of(1, 0, 0),
      lineOffset: Uint32Array.of(0, 2, 2, 3),
      lineFunction: Uint32Array.of(1, 0, 0),
      lineNumber: BigInt64Array.of(most, least, 0n),
      lineColumn: BigInt64Array.of(least, 7n, most),
    },
    samples: {
      count: 3,
      stackOffset: Uint32Array.of(0, 3, 3, 4),
      stack: Uint32Array.of(2, 0, 1, 2),
      values: [
        BigInt64Array.of(most, least, -1n),
        BigInt64Array.of(0n, 2n ** 53n + 1n, -(2n ** 32n)),
      ],
      labelOffset: Uint32Array.of(0, 2, 2, 3),
      labelKey: Uint32Array.of(5, 5, 5),
      labelString: Uint32Array.of(6, 0, 0),
      labelNumber: BigInt64Array.of(0n, least, most),
      labelUnit: Uint32Array.of(0, 4, 0),
    },
    comments: ["note", "f"],
    dropFrames: "∂rop",
    keepFrames: "F",
    docUrl: "f.go",
    timeNanos: most,
    durationNanos: least,
    periodType: { type: "unit", unit: "" },
    period: -1n,
  };
}

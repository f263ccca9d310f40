import { describe, expect, test } from "vitest";
import {
  decodePprof,
  encodePprof,
  isCollected,
  markCollected,
  mergeProfiles,
  ProfileBuilder,
  subtractProfiles,
  type Profile,
} from "@watertight/profile";
import { expectConsistent } from "./consistent-profile.ts";
import { recordedProfile } from "./pprof-fixtures.ts";
import { renderRaw } from "./raw-text.ts";

const heap = decodePprof(recordedProfile("heap of go1.27").bytes).profile;

test("a sum is free of garbage where all that went into it is", () => {
  const collected = markCollected(heap);
  expect(isCollected(collected)).toBe(true);
  expect(isCollected(mergeProfiles([collected, markCollected(heap)]))).toBe(true);
  expect(isCollected(mergeProfiles([collected, heap]))).toBe(false);
  expect(isCollected(decodePprof(encodePprof(collected)).profile)).toBe(true);
});

/** Samples as `leaf@line < caller {labels}: values`, sorted. */
function listSamples(profile: Profile): string[] {
  const { strings, functions, locations, samples } = profile;
  return Array.from({ length: samples.count }, (_, row) => {
    const stack = [
      ...samples.stack.subarray(samples.stackOffset[row], samples.stackOffset[row + 1]),
    ];
    const frames = stack.map((location) => {
      const line = locations.lineOffset[location]!;
      const name = strings[functions.name[locations.lineFunction[line]!]!];
      return `${name}@${locations.lineNumber[line]}`;
    });
    const labels: string[] = [];
    for (let label = samples.labelOffset[row]!; label < samples.labelOffset[row + 1]!; label++) {
      const text = strings[samples.labelString[label]!];
      const number = `${samples.labelNumber[label]}${strings[samples.labelUnit[label]!]}`;
      labels.push(`${strings[samples.labelKey[label]!]}=${text || number}`);
    }
    const values = samples.values.map((column) => column[row]).join(" ");
    return `${frames.join(" < ")} {${labels.join(" ")}}: ${values}`;
  }).toSorted();
}

/** Second values of {@link listSamples}, added up where all before the values is equal. */
function totalsByStack(profile: Profile): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const sample of listSamples(profile)) {
    const [stack, values] = sample.split("}: ");
    totals.set(stack!, (totals.get(stack!) ?? 0n) + BigInt(values!.split(" ")[1]!));
  }
  return totals;
}

/** A heap profile whose process was loaded elsewhere, with its functions in another order. */
function buildHeap(scale: bigint, addressBase: bigint, isReversed: { reversed: boolean }): Profile {
  const builder = new ProfileBuilder({
    sampleTypes: [
      { type: "inuse_objects", unit: "count" },
      { type: "inuse_space", unit: "bytes" },
    ],
    timeNanos: 1000n * scale,
    comments: [`scale ${scale}`, "both"],
  });
  const names = ["leak", "handle", "serve", "idle"];
  const order = isReversed.reversed ? names.toReversed() : names;
  const rows = new Map(
    order.map((name, index) => {
      const row = builder.internFunction({
        name: builder.internString(name),
        file: builder.internString(`${name}.go`),
      });
      const place = { address: addressBase + BigInt(index) };
      return [name, builder.internLocation([{ function: row, line: 10 }], place)] as const;
    }),
  );
  const stack = (...frames: string[]): number[] => frames.map((name) => rows.get(name)!);
  builder.addSample(
    stack("leak", "handle", "serve"),
    [scale, scale * 2n ** 40n],
    [{ key: "bytes", number: 64, unit: "bytes" }],
  );
  builder.addSample(stack("handle", "serve"), [5n, 50n]);
  builder.addSample(stack("idle"), [1n, 1n], [{ key: "job", text: "nightly" }]);
  return builder.build();
}

describe("subtracting a heap profile from a later one", () => {
  const before = buildHeap(1n, 0x1000n, { reversed: false });
  const after = buildHeap(4n, 0x7000n, { reversed: true });

  test("leaves what grew, matched by function, file and line wherever it was loaded", () => {
    const growth = subtractProfiles(after, before);
    expectConsistent(growth);
    expect(listSamples(growth)).toEqual([
      `leak@10 < handle@10 < serve@10 {bytes=64bytes}: 3 ${3n * 2n ** 40n}`,
    ]);
    expect(growth.timeNanos).toBe(1000n);
    expect(growth.durationNanos).toBe(3000n);
  });

  test("goes below zero where memory was given back, exact across the 32-bit halves", () => {
    expect(listSamples(subtractProfiles(before, after))).toEqual([
      `leak@10 < handle@10 < serve@10 {bytes=64bytes}: -3 ${-3n * 2n ** 40n}`,
    ]);
  });

  test("gives nothing for a profile and itself", () => {
    expect(subtractProfiles(heap, heap).samples.count).toBe(0);
  });
});

describe("merging profiles", () => {
  test("adds values of equal samples and keeps labels apart", () => {
    const merged = mergeProfiles([
      buildHeap(1n, 0n, { reversed: false }),
      buildHeap(2n, 99n, { reversed: true }),
    ]);
    expectConsistent(merged);
    expect(listSamples(merged)).toEqual([
      "handle@10 < serve@10 {}: 10 100",
      "idle@10 {job=nightly}: 2 2",
      `leak@10 < handle@10 < serve@10 {bytes=64bytes}: 3 ${3n * 2n ** 40n}`,
    ]);
    expect(merged.timeNanos).toBe(1000n);
    expect(merged.comments).toEqual(["scale 1", "both", "scale 2"]);
    expect(merged.functions.count).toBe(4);
  });

  test("of one profile adds up what differs only by address within a line", () => {
    expect(totalsByStack(mergeProfiles([heap]))).toEqual(totalsByStack(heap));
    expect(mergeProfiles([heap]).samples.count).toBeLessThan(heap.samples.count);
  });

  test("of a profile with itself doubles every value", () => {
    const merged = mergeProfiles([heap, heap]);
    expectConsistent(merged);
    const sum = (profile: Profile): bigint =>
      profile.samples.values[3]!.reduce((a, b) => a + b, 0n);
    expect(sum(merged)).toBe(sum(heap) * 2n);
    expect(merged.samples.count).toBeLessThanOrEqual(heap.samples.count);
  });

  test("of none is an empty profile", () => {
    expectConsistent(mergeProfiles([]));
    expect(mergeProfiles([]).samples.count).toBe(0);
  });

  test("of different kinds is refused with the sample type that is missing", () => {
    const cpu = decodePprof(recordedProfile("cpu of go1.27").bytes).profile;
    expect(() => mergeProfiles([heap, cpu])).toThrow(
      /WT_PROFILE_INCOMPATIBLE.*alloc_objects\/count/,
    );
  });

  test("finds sample types by name when they stand in another order", () => {
    const swapped = {
      ...heap,
      sampleTypes: heap.sampleTypes.toReversed(),
      samples: { ...heap.samples, values: heap.samples.values.toReversed() },
    };
    expect(listSamples(mergeProfiles([heap, swapped]))).toEqual(
      listSamples(mergeProfiles([heap, heap])),
    );
  });

  test("wraps around at the ends of int64 as the runtime does", () => {
    const most = {
      ...heap,
      samples: {
        ...heap.samples,
        values: heap.samples.values.map((column) => column.map(() => 2n ** 63n - 1n)),
      },
    };
    const total = mergeProfiles([mergeProfiles([most]), most]).samples.values[0]![0]!;
    expect(total).toBe(BigInt.asIntN(64, total));
  });
});

test("a builder makes each string, function and location once", () => {
  const builder = new ProfileBuilder({ sampleTypes: [{ type: "goroutine", unit: "count" }] });
  const frame = { function: "main.serve", file: "/src/main.go", line: 12 };
  const row = builder.internFrame(frame);
  expect(builder.internFrame({ ...frame })).toBe(row);
  expect(builder.internFrame({ ...frame, line: 13 })).not.toBe(row);
  builder.addSample([row], [3]);
  builder.addSample([], [], [{ key: "state", text: "select" }]);
  const profile = builder.build();
  expectConsistent(profile);
  expect(profile.functions.count).toBe(1);
  expect(profile.locations.count).toBe(2);
  expect(profile.samples.values).toEqual([BigInt64Array.of(3n, 0n)]);
  expect(renderRaw(profile)).toContain("     1: 0x0 main.serve /src/main.go:12:0 s=0");
});

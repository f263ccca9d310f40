import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePprof, encodePprof } from "@watertight/profile";
import { normalise, plainProfiles, toPlain, wireStyles, writePlain } from "./pprof-message.ts";

test("any profile decodes whole, whatever order, packing, padding, ids and unknown fields it is written with", () => {
  fc.assert(
    fc.property(plainProfiles, wireStyles, (plain, style) => {
      const { profile, problems } = decodePprof(writePlain(plain, style));
      expect(problems).toEqual([]);
      expect(toPlain(profile, plain)).toEqual(normalise(plain));
    }),
    { numRuns: 300 },
  );
});

test("any profile is the same after encoding and decoding again", () => {
  fc.assert(
    fc.property(plainProfiles, wireStyles, (plain, style) => {
      const { profile } = decodePprof(writePlain(plain, style));
      expect(decodePprof(encodePprof(profile))).toEqual({ profile, problems: [] });
    }),
    { numRuns: 100 },
  );
});

test("ids of 64 bits that differ only in their high half are told apart", () => {
  const low = 7n;
  const ids = [low, low + 2n ** 32n, low + 2n ** 63n, 2n ** 64n - 1n];
  const plain = {
    strings: ["", "f"],
    types: [[1, 1]] as const,
    functions: [{ id: 2n ** 64n - 2n, name: 1, file: 0, startLine: 0n }],
    locations: ids.map((id, row) => ({
      id,
      address: BigInt(row),
      lines: [{ function: 0, line: 1n, column: 0n }],
    })),
    samples: [{ stack: [3, 0, 2, 1], values: [1n], labels: [] }],
    timeNanos: 0n,
    comments: [],
  };
  for (const isPacked of [true, false]) {
    const style = { isPacked, isPadded: false, hasUnknownFields: false, ranks: ranks(0) };
    const { profile, problems } = decodePprof(writePlain(plain, style));
    expect(problems).toEqual([]);
    expect([...profile.samples.stack]).toEqual([3, 0, 2, 1]);
  }
});

test("stacks of thousands of frames and samples of uneven size decode exactly", () => {
  const locations = Array.from({ length: 3000 }, (_, row) => ({
    id: BigInt(row + 1),
    address: 0n,
    lines: [],
  }));
  const samples = Array.from({ length: 3000 }, (_, row) => ({
    stack: Array.from(
      { length: row % 500 === 0 ? 5000 : row % 3 },
      (_, at) => (at * 7 + row) % 3000,
    ),
    values: [BigInt(row)],
    labels: row > 2000 ? [{ key: 1, text: 1, number: 0n, unit: 0 }] : [],
  }));
  const plain = {
    strings: ["", "x"],
    types: [[1, 1]] as const,
    functions: [],
    locations,
    samples,
    timeNanos: 0n,
    comments: [],
  };
  const style = { isPacked: true, isPadded: false, hasUnknownFields: false, ranks: ranks(0) };
  const { profile, problems } = decodePprof(writePlain(plain, style));
  expect(problems).toEqual([]);
  expect(toPlain(profile, plain)).toEqual(plain);
});

function ranks(rank: number): number[] {
  return Array.from({ length: 16 }, () => rank);
}

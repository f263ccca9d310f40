import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { attach, encodeCensus, type TakenCensus } from "@watertight/capture";
import type { CensusEntry } from "@watertight/profile";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findNode } from "../../../e2e/real-parts.ts";
import { CENSUS_BYTES_MAX, decodeCensus } from "../src/tasks/census-json.ts";

const entry: CensusEntry = {
  kind: "listeners",
  name: "Config.change – größer",
  count: 3,
  bytes: 96,
  ids: Float64Array.of(7, 7 + 2 ** -20, 4_000_000_001),
  ofId: 5,
  place: { function: "watch", file: "/srv/app/config.js", line: 12 },
  ties: [[3, 9], []],
};
const taken: TakenCensus = {
  census: { entries: [entry], heapBytes: 1000, externalBytes: 20 },
  atMs: 1_700_000_000_000,
  notes: ["One thing was left out."],
};

function refusalOf(bytes: Uint8Array): string {
  try {
    decodeCensus(bytes);
    return "";
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

/** The JSON with something else in it. */
function alter(change: object): Uint8Array {
  const body = JSON.parse(Buffer.from(encodeCensus(taken)).toString()) as {
    readonly entries: readonly object[];
  };
  return Buffer.from(JSON.stringify({ ...body, ...change }));
}

function alterEntry(change: object): Uint8Array {
  const body = JSON.parse(Buffer.from(encodeCensus(taken)).toString()) as {
    readonly entries: readonly object[];
  };
  return alter({ entries: body.entries.map((each) => Object.assign({}, each, change)) });
}

describe("a census as JSON", () => {
  test("is ASCII, and read back as it was", () => {
    const bytes = encodeCensus(taken);
    expect(bytes.every((byte) => byte < 128)).toBe(true);
    expect(decodeCensus(bytes)).toEqual(taken);
  });

  test("whatever is counted is read back as it was", () => {
    const text = fc.string({ maxLength: 50, unit: "binary" });
    const count = fc.nat({ max: 2 ** 31 });
    const frames = fc.record({ function: text, file: text, line: count });
    const entries = fc.array(
      fc.record(
        {
          kind: fc.constantFrom<CensusEntry["kind"]>("timer", "handle", "collection", "external"),
          name: text,
          count,
          bytes: count,
          ids: fc
            .uniqueArray(count)
            .map((ids) => Float64Array.from(ids, (id) => id + 0.5).toSorted()),
          ofId: count,
          place: frames,
        },
        { requiredKeys: ["kind", "name", "count", "bytes", "ids"] },
      ),
    );
    fc.assert(
      fc.property(entries, count, fc.array(text), (each, atMs, notes) => {
        const some = { atMs, notes, census: { entries: each, heapBytes: 1, externalBytes: 0 } };
        expect(decodeCensus(encodeCensus(some))).toEqual(some);
      }),
    );
  });

  test.each([
    [{ format: 2 }],
    [{ atMs: "now" }],
    [{ heapBytes: -1 }],
    [{ notes: [1] }],
    [{ entries: {} }],
    [{ entries: [null] }],
    [{ entries: Array(20_001).fill(0) }],
  ])("with %o it is refused with a code", (change) => {
    expect(refusalOf(alter(change))).toBe("WT_CAPTURE_CENSUS_INVALID");
  });

  test.each([
    [{ name: 5 }],
    [{ count: null }],
    [{ ids: ["1"] }],
    [{ ids: [-5] }],
    [{ ofId: "x" }],
    [{ place: { function: "f" } }],
    [{ ties: [[{}]] }],
  ])("the entry is named that cannot be read: %o", (change) => {
    expect(() => decodeCensus(alterEntry(change))).toThrow(/entry 0/);
  });

  test("an entry of a kind to come is left out", () => {
    const { census } = decodeCensus(alterEntry({ kind: "quantum" }));
    expect(census.entries).toEqual([]);
  });

  test("ids beyond the bound are left out with the largest entries, and a note says so", () => {
    const many = { ...entry, ids: new Float64Array(2_000_001).map((_, index) => index + 1) };
    const bytes = encodeCensus({ ...taken, census: { ...taken.census, entries: [many, entry] } });
    const { census, notes } = decodeCensus(bytes);
    expect(census.entries).toEqual([entry]);
    expect(notes.at(-1)).toContain("1 of the largest things");
  });

  test("arbitrary bytes are refused with a code, and so is what is too large", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(refusalOf(bytes)).toBe("WT_CAPTURE_CENSUS_INVALID");
      }),
    );
    expect(refusalOf(new Uint8Array(CENSUS_BYTES_MAX + 1))).toBe("WT_CAPTURE_CENSUS_INVALID");
  });

  test("arbitrary JSON is refused with a code", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bytes = Buffer.from(JSON.stringify(value));
        expect(refusalOf(bytes)).toBe("WT_CAPTURE_CENSUS_INVALID");
      }),
    );
  });
});

const node = findNode("24");

describe.skipIf(node === undefined)("the census of a real process", () => {
  let child: ChildProcess;
  let bytes: Uint8Array;

  beforeAll(async () => {
    const program = join(import.meta.dirname, "fixtures/node/suspended.mjs");
    child = spawn(node as string, ["--inspect-port=0", program], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line");
    const attached = await attach(child.pid as number);
    const { goroutines, atMs, notes } = await attached.capture();
    await attached.close();
    const { census } = goroutines ?? {};
    expect(census?.entries.map(({ kind }) => kind)).toContain("handle");
    bytes = encodeCensus({ census: census ?? taken.census, atMs, notes });
  }, 60_000);
  afterAll(() => child.kill("SIGKILL"));

  test("cut at any byte it is refused, with the byte where it ends", () => {
    const whole = bytes.length - "}\n".length;
    for (let length = 0; length <= whole; length++) {
      expect(refusalOf(bytes.subarray(0, length))).toBe("WT_CAPTURE_CENSUS_INVALID");
    }
    expect(() => decodeCensus(bytes.subarray(0, whole))).toThrow(`byte ${whole}`);
  });

  test("with any byte damaged it is read or refused, and nothing else", () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = byte;
        expect(["", "WT_CAPTURE_CENSUS_INVALID"]).toContain(refusalOf(damaged));
      }),
    );
  });
});

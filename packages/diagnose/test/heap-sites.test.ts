/** Which line a growing heap is put down to, and when it is put down to none. */
import { markCollected, ProfileBuilder, type Frame, type Profile } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { diagnose, diagnoseHeapSeries, type Observation } from "../src/index.ts";
import { capture, counted, cumulated } from "./suspended-tasks.ts";

const MIB = 2 ** 20;

/** Bytes in use below one stack, leaf first, each object of 200 bytes unless told. */
interface Held {
  readonly stack: readonly Frame[];
  readonly bytes: number;
  readonly objectBytes?: number;
}

const at = (name: string, file: string, line = 1): Frame => ({ function: name, file, line });
const server = at("processTicksAndRejections", "node:internal/process/task_queues");
const handle = at("handle", "/app/shop.ts", 30);

function heapOf(held: readonly Held[]): Profile {
  const builder = new ProfileBuilder({
    sampleTypes: [
      { type: "inuse_objects", unit: "count" },
      { type: "inuse_space", unit: "bytes" },
    ],
    periodType: { type: "space", unit: "bytes" },
    period: BigInt(MIB),
  });
  for (const { stack, bytes, objectBytes = 200 } of held) {
    const frames = stack.map((frame) => builder.internFrame(frame));
    builder.addSample(frames, [Math.round(bytes / objectBytes), Math.round(bytes)]);
  }
  return builder.build();
}

function seriesOf(
  captures: number,
  held: (capture: number) => readonly Held[],
  write: (profile: Profile) => Profile = markCollected,
): Observation[] {
  return Array.from({ length: captures }, (_, capture) => ({
    atMs: capture * 60_000,
    heap: write(
      heapOf([{ stack: [at("start", "/app/main.ts")], bytes: 20 * MIB }, ...held(capture)]),
    ),
  }));
}

const told = (series: readonly Observation[]) =>
  diagnoseHeapSeries(series).map(({ cause, site }) => [cause, site?.function, site?.file]);

describe("a function that grows", () => {
  const leak = (capture: number): Held => ({
    stack: [at("take", "/app/pool.ts", 6), handle, server],
    bytes: (2 + 4 * capture) * MIB,
  });

  test("is told by its own file, whoever else has a function of that name", () => {
    const namesake = { stack: [at("take", "/app/node_modules/agent/take.js"), server], bytes: MIB };
    expect(told(seriesOf(8, (capture) => [leak(capture), namesake]))).toEqual([
      ["memory-growth", "take", "/app/pool.ts"],
    ]);
  });

  test("and not by what a library of the same name holds, whichever is read last", () => {
    const file = "/app/node_modules/pool/index.js";
    const library = (capture: number): Held => ({
      stack: [at("take", file), server],
      bytes: (2 + 4 * capture) * MIB,
    });
    const own = { stack: [at("take", "/app/pool.ts", 6), handle, server], bytes: MIB };
    expect(told(seriesOf(8, (capture) => [library(capture), own]))).toEqual([
      ["memory-growth", "take", file],
    ]);
  });

  test("has an example in the language of its runtime", () => {
    const [finding] = diagnoseHeapSeries(seriesOf(8, (capture) => [leak(capture)]));
    expect(finding).toMatchObject({
      runtime: "node",
      fix: { docs: "docs/causes/memory-growth.md" },
    });
    expect(finding?.fix.example).toContain("cache.set(");
  });
});

describe("a rise that a few samples make", () => {
  const few = (capture: number, objectBytes?: number): Held => ({
    stack: [at("remember", "/app/shop.ts", 4), handle, server],
    bytes: 0.8 * capture * MIB,
    ...(objectBytes === undefined ? {} : { objectBytes }),
  });

  test("is chance", () => {
    expect(told(seriesOf(8, (capture) => [few(capture)]))).toEqual([]);
  });

  test("is a leak where each of them is as large as a sample", () => {
    const large = seriesOf(8, (capture) => [few(capture, 8 * MIB)]);
    expect(told(large)).toEqual([["memory-growth", "remember", "/app/shop.ts"]]);
  });

  test("is a leak when it goes on", () => {
    expect(told(seriesOf(20, (capture) => [few(capture)]))).toEqual([
      ["memory-growth", "remember", "/app/shop.ts"],
    ]);
  });
});

describe("growth all over the place", () => {
  const everywhere = (step: number) => (capture: number) =>
    Array.from({ length: 40 }, (_, row) => ({
      stack: [at(`field${row}`, `/app/node_modules/orm/field${row}.js`)],
      bytes: (0.5 + step * capture) * MIB,
    }));

  test("is told of the whole, without a line to open", () => {
    const [finding, ...others] = diagnoseHeapSeries(seriesOf(8, everywhere(0.5)));
    expect(others).toEqual([]);
    expect(finding?.title).toBe(
      "The memory in use grows all the time, and no one place accounts for it",
    );
    expect(finding?.site).toBeUndefined();
    expect(finding?.count).toBeGreaterThan(150 * MIB);
  });

  test("is not told where it does not grow", () => {
    expect(told(seriesOf(8, everywhere(0)))).toEqual([]);
  });
});

describe("heap profiles of Node that hold garbage", () => {
  const rising = (capture: number): Held => ({
    stack: [at("render", "/app/shop.ts", 4), handle, server],
    bytes: (2 + 10 * capture) * MIB,
  });
  const asIs = (profile: Profile): Profile => profile;

  test("show no leak by rising, and the notes say why", () => {
    const series = seriesOf(8, (capture) => [rising(capture)], asIs);
    expect(told(series)).toEqual([]);
    expect(diagnose(series).notes.join("\n")).toContain("heap?gc=1");
  });

  test("show one where collections came between them", () => {
    const series = seriesOf(
      24,
      (capture) => [rising(capture), { stack: [server], bytes: 150 * MIB * ((capture % 6) / 5) }],
      asIs,
    );
    expect(told(series)).toEqual([["memory-growth", "render", "/app/shop.ts"]]);
  });

  test("are no matter in Go, whose profile is of its last collection", () => {
    const series = seriesOf(8, (capture) => [rising(capture)], asIs).map(
      (observation) => observation,
    );
    expect(diagnoseHeapSeries(series, { runtime: "go" })).toHaveLength(1);
  });
});

describe("a collection that grows as the memory does", () => {
  const stack = [at("quote", "/app/shop.ts", 9), handle, server];
  const heaps = seriesOf(8, (minute) => [{ stack, bytes: (2 + 8 * minute) * MIB }]);
  const withCollections = (...names: readonly string[]): Observation[] =>
    heaps.map((observation, minute) => {
      const steps = Array.from({ length: minute + 1 }, () => 60);
      const entries = names.map((name, lane) => {
        const place = { function: name, file: "/app/shop.ts", line: 4 + lane };
        return counted({ kind: "collection", name, place }, cumulated(steps, lane));
      });
      return Object.assign(capture(minute, [], entries), observation);
    });
  const tree = (series: readonly Observation[]): readonly (readonly [string, number])[] =>
    diagnose(series).findings.map(({ title, effects }) => [
      title.split(" ").slice(0, 4).join(" "),
      effects?.length ?? 0,
    ]);

  test("is what keeps it: one leak is told, not two", () => {
    expect(new Map(tree(withCollections("prices")))).toEqual(
      new Map([
        ["prices holds ever more", 1],
        ["Memory allocated in quote", 0],
      ]),
    );
  });

  test("is told for itself where there are several that might", () => {
    const told = tree(withCollections("prices", "orders"));
    expect(told.map(([, effects]) => effects)).toEqual([0, 0, 0]);
  });
});

describe("memory that the agent counts and no line made", () => {
  test("is called what it is", () => {
    const native = { function: "(native memory)", file: "", line: 0 };
    const grown = seriesOf(8, (capture) => [
      { stack: [native], bytes: (4 + 6 * capture) * MIB, objectBytes: 200 * MIB },
    ]);
    const [finding] = diagnoseHeapSeries(grown, { runtime: "node" });
    expect(finding?.title).toMatch(/^Memory of native code .* stays in use/);
  });
});

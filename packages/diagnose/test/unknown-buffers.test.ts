/** Buffers that no sample explains: the error of the samples, or a leak that they do not see. */
import { markCollected, ProfileBuilder, type CensusEntry, type Profile } from "@watertight/profile";
import { expect, test } from "vitest";
import { diagnose, diagnoseHeapSeries, type Observation } from "../src/index.ts";
import { capture, counted, cumulated } from "./suspended-tasks.ts";

const PERIOD = 512 * 1024;
const MIB = 2 ** 20;

interface Grown {
  /** Bytes in use that were allocated at a line, and at none. */
  readonly sampled: number;
  readonly unknown: number;
}

/** As the agent writes it. */
function heapOf({ sampled, unknown }: Grown): Profile {
  const builder = new ProfileBuilder({
    sampleTypes: [
      { type: "inuse_objects", unit: "count" },
      { type: "inuse_space", unit: "bytes" },
    ],
    periodType: { type: "space", unit: "bytes" },
    period: BigInt(PERIOD),
  });
  const external = [{ key: "memory", text: "external" }];
  const line = builder.internFrame({ function: "receive", file: "/app/shop.ts", line: 4 });
  const caller = builder.internFrame({ function: "request", file: "/app/shop.ts", line: 12 });
  const none = builder.internFrame({ function: "(buffers of unknown origin)", file: "", line: 0 });
  const inHeap = builder.internFrame({ function: "start", file: "/app/shop.ts", line: 1 });
  builder.addSample([line, caller], [Math.round(sampled / 65_536), sampled], external);
  builder.addSample([none], [1, unknown], external);
  builder.addSample([inHeap], [10, 4 * MIB]);
  return markCollected(builder.build());
}

const heaps = (grown: (minute: number) => Grown): Observation[] =>
  Array.from({ length: 8 }, (_, minute) => ({
    atMs: minute * 60_000,
    heap: heapOf(grown(minute)),
    requestsServed: 100 * (minute + 1),
  }));

const told = (found: readonly { readonly site?: { readonly function: string } }[]) =>
  found.map(({ site }) => site?.function);

test("what the samples fall short by is not told beside the line that they name", () => {
  const series = heaps((minute) => ({
    sampled: (5 + 10 * minute) * MIB,
    unknown: (1 + 1.5 * minute) * MIB,
  }));
  expect(told(diagnoseHeapSeries(series, { runtime: "node" }))).toEqual(["receive"]);
});

test("what is more than that is a leak of its own", () => {
  const series = heaps((minute) => ({
    sampled: (5 + 10 * minute) * MIB,
    unknown: (1 + 8 * minute) * MIB,
  }));
  const found = told(diagnoseHeapSeries(series, { runtime: "node" }));
  expect(new Set(found)).toEqual(new Set(["receive", "(buffers of unknown origin)"]));
  expect(found).toHaveLength(2);
});

test("and so it is where nothing that is sampled grows", () => {
  const series = heaps((minute) => ({ sampled: 20 * MIB, unknown: (1 + 2 * minute) * MIB }));
  expect(told(diagnoseHeapSeries(series, { runtime: "node" }))).toEqual([
    "(buffers of unknown origin)",
  ]);
});

test("who holds them is told, and no more than once, where a census has it", () => {
  const place = { function: "uploads", file: "/app/shop.ts", line: 4 };
  const unknown = heaps((minute) => ({ sampled: 20 * MIB, unknown: (1 + 8 * minute) * MIB }));
  const withCensus = (entries: (minute: number) => readonly CensusEntry[]): Observation[] =>
    unknown.map((observation, minute) =>
      Object.assign(capture(minute, [], entries(minute)), observation),
    );
  const held = withCensus((minute) => {
    const bytes = 8 * (minute + 1) * MIB;
    const members = cumulated(Array.from({ length: minute + 1 }, () => 32));
    return [counted({ kind: "external", name: "uploads", place, bytes }, members)];
  });
  expect(diagnose(held).findings.map(({ title }) => title)).toEqual([
    "Buffers held by uploads stay, and more are added all the time",
  ]);
  expect(told(diagnose(withCensus(() => [])).findings)).toEqual(["(buffers of unknown origin)"]);
});

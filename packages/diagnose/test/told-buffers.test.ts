/** One leak of Buffers is told once, whatever else grows because of it; what grows for itself is told beside it. */
import type { CensusEntry } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { diagnose } from "../src/index.ts";
import { capture, counted, cumulated } from "./suspended-tasks.ts";

type Kind = Pick<CensusEntry, "kind" | "name"> & Partial<CensusEntry>;

const PLACE = { function: "keep", file: "/app/shop.ts", line: 7 };

function stepsOf(counts: readonly number[]): readonly number[] {
  return counts.map((count, index) => count - (counts[index - 1] ?? 0));
}

describe("Buffers that stay are told once", () => {
  /** Buffers of a pool, from which Node cuts many small ones: none of those has a tie to its own. */
  const POOLS = [12, 26, 39, 52, 66, 79];
  const held: Kind = { kind: "external", name: "notes", place: PLACE };

  /** What is told of Buffers and a collection beside them that has so many members. */
  function judgeWith(entry: Kind, counts: readonly number[]): readonly string[] {
    const series = POOLS.map((pools, minute) => {
      const members = cumulated(stepsOf(counts).slice(0, minute + 1), 1);
      const entries = [
        counted({ ...held, bytes: pools * 65_536 }, cumulated(stepsOf(POOLS).slice(0, minute + 1))),
        counted({ place: { ...PLACE, line: 3 }, ...entry }, members),
      ];
      return capture(minute, [], entries);
    });
    return diagnose(series)
      .findings.map(({ cause, title }) => `${cause}: ${title.split(" ")[0]}`)
      .toSorted();
  }

  test("they grow by so many bytes, in an hour and with each request", () => {
    const series = POOLS.map((pools, minute) => {
      const members = cumulated(stepsOf(POOLS).slice(0, minute + 1));
      return capture(minute, [], [counted({ ...held, bytes: pools * 65_536 }, members)]);
    });
    const [finding] = diagnose(series).findings;
    // 67 more of 64 KiB each in five minutes and 500 requests.
    expect(finding?.unit).toBe("bytes");
    expect((finding?.growth?.perHour ?? 0) / 2 ** 20).toBeCloseTo((67 / 16) * 12, -1);
    expect((finding?.growth?.perRequest ?? 0) / 1024).toBeCloseTo((67 * 64) / 500, 0);
  });

  const notes: Kind = { kind: "collection", name: "notes", ofId: 19, ties: [] };
  const views = [2400, 4800, 7200, 9600, 12_000, 14_400];
  const buffers = "external-memory-growth: Buffers";

  test("what holds them grows with them", () => {
    expect(judgeWith(notes, views)).toEqual([buffers]);
  });

  test("what holds them under another name does, where its members have one each", () => {
    const newest = cumulated(stepsOf(POOLS)).slice(-12);
    const tied = newest.map((id) => [id]);
    const pages: Kind = { kind: "collection", name: "Shop.#pages", ofId: 21 };
    expect(judgeWith({ ...pages, ties: tied }, POOLS)).toEqual([buffers]);
    const aThird = tied.map((ties, index) => (index % 3 === 0 ? ties : []));
    const both = [buffers, "memory-growth: Shop.#pages"];
    expect(judgeWith({ ...pages, ties: aThird }, POOLS)).toEqual(both);
  });

  test("what else grows beside them is a leak of its own, in step as it may be", () => {
    const both = [buffers, "memory-growth: orders"];
    expect(judgeWith({ ...notes, name: "orders" }, views)).toEqual(both);
    expect(judgeWith({ ...notes, name: "orders" }, POOLS)).toEqual(both);
  });

  test("another of that name is: in another file, or with growth that is not the Buffers'", () => {
    const both = [buffers, "memory-growth: notes"];
    const elsewhere = { ...PLACE, file: "/app/orders.ts" };
    expect(judgeWith({ ...notes, place: elsewhere }, views)).toEqual(both);
    expect(judgeWith(notes, [100, 200, 300, 400, 500, 700])).toEqual(both);
  });

  test.each([
    "/app/node_modules/@watertight/agent/dist/external/allocation-sampler.js",
    "file:///src/watertight/packages/agent/src/external/allocation-sampler.ts",
  ])("the samples of them that the agent keeps are its own: %s", (file) => {
    const samples: Kind = { ...notes, name: "Sampler.#live", place: { ...PLACE, file } };
    expect(judgeWith(samples, [18, 31, 50, 63, 79, 92])).toEqual([buffers]);
  });

  test.each([
    "/app/src/allocation-sampler.ts",
    "/app/packages/agent/src/memory.ts",
    "/app/node_modules/@watertight/flow/dist/channel.js",
    "/app/node_modules/metrics/dist/external/sampler.js",
  ])("a list like theirs of anybody else's is a leak: %s", (file) => {
    const samples: Kind = { ...notes, name: "Sampler.#live", place: { ...PLACE, file } };
    const both = [buffers, "memory-growth: Sampler.#live"];
    expect(judgeWith(samples, [18, 31, 50, 63, 79, 92])).toEqual(both);
  });

  test("a package's own list may be a cache that fills up: that takes a longer series", () => {
    const place = { ...PLACE, file: "/app/node_modules/lru-cache/dist/index.min.js", line: 1 };
    const filling = (captures: number): readonly string[] =>
      diagnose(
        Array.from({ length: captures }, (_, minute) => {
          const members = cumulated(Array.from({ length: minute + 1 }, () => 40));
          return capture(
            minute,
            [],
            [counted({ kind: "collection", name: "d.#s", place }, members)],
          );
        }),
      ).findings.map(({ cause }) => cause);
    expect(filling(5)).toEqual([]);
    expect(filling(8)).toEqual(["memory-growth"]);
  });

  test("callbacks that pile up in a lock are told to be waiting, and not to be evicted", () => {
    const series = [0, 1, 2, 3].map((minute) => {
      const members = cumulated(Array.from({ length: minute + 1 }, () => 40));
      const queue: Kind = { kind: "collection", name: "Semaphore.queue", place: PLACE };
      return capture(minute, [], [counted(queue, members)]);
    });
    const [finding] = diagnose(series).findings;
    expect(finding).toMatchObject({
      cause: "lock-held",
      title: "Ever more wait in Semaphore.queue",
    });
    expect(finding?.fix.example).toContain("finally");
  });
});

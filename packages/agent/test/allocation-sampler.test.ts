import { describe, expect, test } from "vitest";
import {
  AllocationSampler,
  LIVE_MAX,
  type SamplerOptions,
  SITES_MAX,
} from "../src/external/allocation-sampler.ts";

/** Park and Miller's generator: uniform, and the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Each sample a second after the one before. */
function slowly(): () => number {
  let nowMs = 0;
  return () => (nowMs += 1000);
}

/** Allocates as a watched function does; answers how many samples that took. */
function allocate(
  sampler: AllocationSampler,
  { count, size, memory }: { count: number; size: number; memory: (index: number) => object },
): number {
  let samples = 0;
  for (let index = 0; index < count; index++) {
    if ((sampler.untilNext[0]! -= size) >= 0) continue;
    sampler.restart();
    sampler.add({ allocator: "allocate", memory: memory(index), size }, 0);
    samples++;
  }
  return samples;
}

const totals = (sampler: AllocationSampler): { bytes: number; count: number; used: number } => {
  const uses = sampler.uses();
  return {
    bytes: uses.reduce((sum, { site }) => sum + site.allocatedBytes, 0),
    count: uses.reduce((sum, { site }) => sum + site.allocatedCount, 0),
    used: uses.reduce((sum, { usedBytes }) => sum + usedBytes, 0),
  };
};

const quiet: SamplerOptions = { random: seeded(7), nowMs: slowly() };

describe("sampling allocations", () => {
  test.each([100, 10_000, 500_000, 5_000_000])(
    "the estimate of what was allocated in pieces of %i bytes is no further off than chance",
    (size) => {
      const sampler = new AllocationSampler({ random: seeded(size), nowMs: slowly() });
      const count = Math.round(2e9 / size);
      const kept: object[] = [];
      const samples = allocate(sampler, { count, size, memory: () => (kept[kept.length] = {}) });
      const { bytes, count: objects, used } = totals(sampler);
      const off = (4 / Math.sqrt(samples)) * count * size;
      expect(Math.abs(bytes - count * size)).toBeLessThan(off);
      expect(Math.abs(objects - count)).toBeLessThan(off / size);
      expect(used).toBeCloseTo(bytes, 0);
    },
  );

  test("what is larger than the interval by far is always sampled, and counts as itself", () => {
    const sampler = new AllocationSampler({ random: seeded(1), nowMs: slowly() });
    const kept = Array.from({ length: 100 }, () => ({}));
    const samples = allocate(sampler, {
      count: 100,
      size: 1e8,
      memory: (at) => kept[at] as object,
    });
    expect(samples).toBe(100);
    expect(totals(sampler).bytes).toBeCloseTo(1e10, 0);
  });

  test("samples in use are bounded, and the sums stay what they were", () => {
    const sampler = new AllocationSampler({ random: seeded(3), nowMs: slowly() });
    const count = LIVE_MAX * 5;
    const kept = Array.from({ length: count }, () => ({}));
    allocate(sampler, { count, size: 1e8, memory: (at) => kept[at] as object });
    expect(sampler.liveCount).toBeLessThanOrEqual(LIVE_MAX);
    const { bytes, used } = totals(sampler);
    expect(bytes).toBeCloseTo(count * 1e8, 0);
    expect(Math.abs(used / bytes - 1)).toBeLessThan(0.1);
    expect(kept).toHaveLength(count);
  });

  test("stacks are bounded; what comes from more of them is told in one sum", () => {
    const sampler = new AllocationSampler(quiet);
    const memory = {};
    for (let index = 0; index < SITES_MAX + 50; index++) {
      sampler.add({ allocator: `allocator ${index}`, memory, size: 1e8 }, 0);
    }
    const uses = sampler.uses();
    expect(uses).toHaveLength(SITES_MAX + 1);
    const rest = uses.find(({ site }) => site.allocator === "");
    expect(rest?.site.frames).toEqual([
      expect.objectContaining({ function: "(other call sites)" }),
    ]);
    expect(rest?.site.allocatedCount).toBeCloseTo(50, 5);
  });

  test("a flood of allocations is sampled ever more rarely, then as before, and estimated as well", () => {
    let nowMs = 0;
    const sampler = new AllocationSampler({ random: seeded(11), nowMs: () => nowMs });
    const kept: object[] = [];
    const flood = { count: 100_000, size: 500_000, memory: () => (kept[kept.length] = {}) };
    const inFlood = allocate(sampler, flood);
    expect(inFlood).toBeLessThan(3000);
    expect(Math.abs(totals(sampler).bytes / 5e10 - 1)).toBeLessThan(0.15);
    for (let second = 0; second < 20; second++) {
      nowMs += 1001;
      allocate(sampler, { ...flood, count: 10_000 });
      nowMs += 1001;
      allocate(sampler, { ...flood, count: 2 });
    }
    expect(Math.abs(totals(sampler).bytes / (5e10 + 20 * 5.001e9) - 1)).toBeLessThan(0.15);
  });

  test("stopped, it samples nothing that is still counted", () => {
    const sampler = new AllocationSampler(quiet);
    sampler.stop();
    expect(allocate(sampler, { count: 1000, size: 1e9, memory: () => ({}) })).toBe(0);
    expect(sampler.uses()).toEqual([]);
  });

  test("a size that is none does not end the sampling", () => {
    const sampler = new AllocationSampler(quiet);
    sampler.untilNext[0]! -= Number.NaN;
    expect(sampler.untilNext[0]! >= 0).toBe(false);
    sampler.restart();
    expect(sampler.untilNext[0]! >= 0).toBe(true);
  });
});

/**
 * Is the ground truth true? Judged by the process's own gauges, without any part of the product:
 * the leaky twin must leave behind what its truth says, the healthy one must come back.
 */
import type { Gauges } from "./gauges.ts";
import type { ZooProgram } from "./list.ts";
import type { RunningProgram } from "./process.ts";
import { nodeLoadOf } from "./truth.ts";

/** Growth per request from which a healthy program is none, per gauge. */
const HEALTHY_PER_REQUEST_MAX: Readonly<Record<string, number>> = {
  promises: 0.4,
  functions: 0.7,
  objects: 3,
  heapBytes: 9000,
  externalBytes: 10_000,
  default: 0.2,
};
/** What the leaky twin does not grow may be as untidy as a connection pool in its first seconds. */
const OTHER_GAUGES_FACTOR = 3;
/** Share of its twin's growth from which a healthy program is none. */
const HEALTHY_SHARE_MAX = 0.4;
/** Share of the truth's growth that must be seen: the rest is chance, e.g. which request was the first. */
const SEEN_SHARE = 0.6;

/**
 * What was alive before and after some requests: after warm-up, except where the next garbage
 * collection mends the leak.
 */
export interface Ground {
  readonly before: Gauges;
  readonly after: Gauges;
  readonly requests: number;
}

/** Readings after which a program that has not come to rest never will. */
const READINGS_MAX = 60;
/** More at a time than overlapping waves bring together. */
const BURST = 25;
/** Readings without a fall after which a program is at rest. */
const REST_READINGS = 3;

/**
 * Warms a running program up and measures what two steps of requests leave behind. What was begun ends some time
 * after its request, later on a busy machine: a healthy program is read until it has come to rest, and only
 * what stays counts.
 */
export async function measureGround(program: ZooProgram, running: RunningProgram): Promise<Ground> {
  const { warm, step } = nodeLoadOf(program);
  if (program.leaks.some(({ shows }) => shows === "test-only")) {
    const before = await running.gauges();
    await running.run(warm);
    return { before, after: await running.gauges(), requests: warm };
  }
  await running.run(warm);
  // A pool that meets more requests at a time than ever grows; on a busy machine waves overlap.
  if (program.twin === "healthy") await running.burst(BURST);
  await running.run(step);
  const before = await readAtRest(running);
  await running.run(2 * step);
  const requests = 2 * step;
  let after = await readAtRest(running);
  if (program.twin === "leaky") return { before, after, requests };
  for (let reading = REST_READINGS; reading < READINGS_MAX; reading++) {
    if (nodeContradictions(program, { before, after, requests }).length === 0) break;
    after = least(after, await running.gauges());
  }
  return { before, after, requests };
}

/** The least of each gauge, read until none falls any more. */
async function readAtRest(running: RunningProgram): Promise<Gauges> {
  let lowest = await running.gauges();
  for (let still = 1, reading = 1; still < REST_READINGS && reading < READINGS_MAX; reading++) {
    const next = least(lowest, await running.gauges());
    const isStill = Object.keys(next).every(
      (name) => name.endsWith("Bytes") || next[name] === lowest[name],
    );
    still = isStill ? still + 1 : 1;
    lowest = next;
  }
  return lowest;
}

function least(one: Gauges, other: Gauges): Gauges {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...names].map((name) => [name, Math.min(one[name] ?? 0, other[name] ?? 0)]),
  );
}

/** One sentence per way in which a program contradicts its truth; empty when it does not. */
export function nodeContradictions(program: ZooProgram, ground: Ground): readonly string[] {
  const growth = growthOf(ground);
  if (program.twin === "leaky") {
    return program.leaks
      .filter(({ grows, perRequest }) => (growth[grows] ?? 0) < SEEN_SHARE * perRequest)
      .map(
        ({ cause, grows, perRequest }) =>
          `${cause}: ${grows} grew by ${growth[grows] ?? 0} per request; the truth says ${perRequest}`,
      );
  }
  const ownGauges = new Map(
    program.truth.leaks?.map(({ grows, perRequest }) => [grows, perRequest * HEALTHY_SHARE_MAX]),
  );
  return Object.entries(growth)
    .filter(([name, by]) => {
      const max = HEALTHY_PER_REQUEST_MAX[name] ?? 0.2;
      const ownMax = ownGauges.get(name);
      return by > (ownMax === undefined ? max * OTHER_GAUGES_FACTOR : Math.min(max, ownMax));
    })
    .map(([name, by]) => `the healthy program's ${name} grew by ${by} per request`);
}

function growthOf({ before, after, requests }: Ground): Gauges {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...names].map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / requests]),
  );
}

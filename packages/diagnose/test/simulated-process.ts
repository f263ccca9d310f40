/**
 * A process in numbers: goroutines with a birth, a death and a stack, and a clock
 * that deals out ids as Go does. Captures are cut out of it at any moment, so that
 * thousands of healthy and leaking series cost seconds and every one is known.
 */
import type { Frame, GoroutineDump, GoroutineGroup } from "@watertight/profile";
import type { Observation } from "../src/observation.ts";

/** A seeded source of chance (mulberry32), so that every series can be made again. */
export class Chance {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** Even in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }
  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }
  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T;
  }
}

/** Where goroutines wait and what started them. */
export interface Stack {
  readonly state: string;
  readonly functions: readonly string[];
  readonly creator: string;
}

/** One goroutine's life. A wanderer is at one of several stacks at each capture. */
export interface Life {
  readonly bornMs: number;
  readonly diesMs: number;
  readonly stacks: readonly Stack[];
  /** The goroutine that started it, when it is one of the simulation's. */
  readonly parent?: Life;
}

/** Moments of a Poisson process of a varying rate (per second), by thinning. */
export function arrivals(
  chance: Chance,
  fromMs: number,
  toMs: number,
  rateAt: (ms: number) => number,
  rateMax: number,
): number[] {
  const moments: number[] = [];
  if (rateMax <= 0) return moments;
  for (let at = fromMs; ;) {
    at += chance.exponential(1000 / rateMax);
    if (at >= toMs) return moments;
    if (chance.next() * rateMax < rateAt(at)) moments.push(at);
  }
}

export interface Simulation {
  readonly chance: Chance;
  readonly lives: readonly Life[];
  /** Goroutines started up to a moment that leave no other trace: the id clock. */
  readonly clockAt: (ms: number) => number;
  readonly capturesAtMs: readonly number[];
  readonly requestsAt?: (ms: number) => number;
}

/** Cuts the captures out of a simulated process, as `debug=2` would show them. */
export function observe(simulation: Simulation): Observation[] {
  const { lives, clockAt, capturesAtMs, chance } = simulation;
  const sorted = lives.toSorted((a, b) => a.bornMs - b.bornMs);
  const named = sorted.map((life, rank) => ({
    life,
    id: 20 + Math.floor(clockAt(life.bornMs)) + rank,
  }));
  const idOf = new Map(named.map(({ life, id }) => [life, id]));
  return capturesAtMs.map((atMs) => {
    const groups = new Map<Stack, number[]>();
    const parents = new Map<Stack, Set<number>>();
    for (const { life, id } of named) {
      if (life.bornMs > atMs || life.diesMs <= atMs) continue;
      const stack = life.stacks.length === 1 ? life.stacks[0]! : chance.pick(life.stacks);
      const ids = groups.get(stack);
      if (ids) ids.push(id);
      else groups.set(stack, [id]);
      const starters = parents.get(stack) ?? new Set();
      // A request's own goroutine, which has ended, unless the simulation holds it.
      starters.add(life.parent === undefined ? id - 1 : (idOf.get(life.parent) as number));
      parents.set(stack, starters);
    }
    // The goroutine that serves the capture itself carries the newest id.
    groups.set(CAPTURE, [
      21 + Math.floor(clockAt(atMs)) + sorted.filter((l) => l.bornMs <= atMs).length,
    ]);
    const goroutines = dumpOf(
      [...groups].map(([stack, ids]) => groupOf(stack, ids, parents.get(stack))),
    );
    if (simulation.requestsAt === undefined) return { atMs, goroutines };
    return { atMs, goroutines, requestsServed: simulation.requestsAt(atMs) };
  });
}

const CAPTURE: Stack = {
  state: "running",
  functions: ["runtime/pprof.writeGoroutineStacks", "net/http.(*conn).serve"],
  creator: "net/http.(*Server).Serve",
};

/** A parked accept loop: what makes its caller known as an acceptor. */
export const ACCEPTOR: Stack = {
  state: "IO wait",
  functions: [
    "internal/poll.runtime_pollWait",
    "net.(*netFD).accept",
    "net.(*TCPListener).accept",
    "net.(*TCPListener).Accept",
    "net/http.(*Server).Serve",
    "main.main",
  ],
  creator: "",
};

function frame(name: string): Frame {
  return { function: name, file: `/srv/${name.split(".")[0]}.go`, line: 1 + name.length };
}

export function groupOf(
  stack: Stack,
  ids: readonly number[],
  parents: Iterable<number> = [1],
): GoroutineGroup {
  const creatorIds = Float64Array.from(parents).sort();
  return {
    count: ids.length,
    state: stack.state,
    frames: stack.functions.map(frame),
    elidedFrames: 0,
    createdBy: stack.creator === "" ? undefined : frame(stack.creator),
    labels: {},
    ids: Float64Array.from(ids).sort(),
    age: { minMinutes: 0, maxMinutes: 0, stamped: 0 },
    leaked: 0,
    lockedToThread: 0,
    bubbled: 0,
    creatorCount: creatorIds.length,
    creatorIds,
    witnesses: [],
  };
}

export function dumpOf(groups: readonly GoroutineGroup[]): GoroutineDump {
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  return {
    format: "goroutine-debug2",
    runtime: "go",
    leakProfile: false,
    total,
    covered: total,
    truncated: false,
    groups: groups.toSorted((a, b) => b.count - a.count),
    problems: [],
  };
}

/** The same series without names, as `debug=1` would show it. */
export function withoutIds(observations: readonly Observation[]): Observation[] {
  return observations.map((observation) => {
    const dump = observation.goroutines as GoroutineDump;
    const groups = dump.groups.map(forgetNames);
    return Object.assign({}, observation, {
      goroutines: Object.assign({}, dump, { format: "goroutine-debug1", groups }),
    });
  });
}

function forgetNames(group: GoroutineGroup): GoroutineGroup {
  const unnamed = { ids: new Float64Array(0), creatorIds: new Float64Array(0), creatorCount: 0 };
  return Object.assign({}, group, unnamed, { state: "", createdBy: undefined });
}

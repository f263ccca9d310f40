/** Healthy and leaking services as populations of goroutines. Each is drawn anew from a seed. */
import type { Observation } from "../src/observation.ts";
import {
  type Scene,
  type Population,
  inFlight,
  startUp,
  filling,
  connections,
  batches,
  leaking,
} from "./simulated-populations.ts";
import { ACCEPTOR, Chance, observe } from "./simulated-process.ts";
import {
  HANDLER,
  WORK,
  IDLE_WORKER,
  BUSY_WORKER,
  TICKER,
  POLL,
  TWIN,
  SOCKET_READER,
  SOCKET_WRITER,
  IDLE_CONN,
  READ_LOOP,
  WRITE_LOOP,
  LEAK,
  LEAK_RECEIVE,
  LEAK_LOOP,
  LEAK_LOOP_BUSY,
} from "./simulated-stacks.ts";

function scene(seed: number, load: "even" | "ramp" | "burst"): Scene {
  const chance = new Chance(seed);
  const captures = chance.integer(3, 6);
  const intervalMs = chance.between(1000, 5000);
  const warmMs = chance.pick([2_000, 10_000, 60_000]);
  const base = chance.between(10, 60);
  const endMs = warmMs + (captures - 1) * intervalMs;
  const factor = load === "ramp" ? chance.between(2, 8) : 1;
  const rateAt = (ms: number): number => {
    if (load === "burst") return base * (Math.floor(ms / 1500) % 3 === 0 ? 3 : 0.3);
    return base * (1 + ((factor - 1) * Math.max(0, ms)) / endMs);
  };
  return {
    chance,
    startMs: 0,
    endMs,
    capturesAtMs: Array.from({ length: captures }, (_, j) => warmMs + j * intervalMs),
    rateAt,
    rateMax: base * Math.max(factor, 3),
  };
}

function play(view: Scene, populations: readonly Population[]): Observation[] {
  const baseline: Population[] = [startUp([ACCEPTOR], 1), startUp([TICKER], 3)];
  // Every request starts goroutines that end at once; they only move the clock.
  const steps = 400;
  const cumulative = [0];
  for (let i = 0; i < steps; i++) {
    const at = ((i + 0.5) * view.endMs) / steps;
    cumulative.push((cumulative[i] as number) + (view.rateAt(at) * 2 * view.endMs) / steps / 1000);
  }
  const clockAt = (ms: number): number => {
    const x = Math.min(Math.max((ms / view.endMs) * steps, 0), steps);
    const low = cumulative[Math.floor(x)] as number;
    return low + (x - Math.floor(x)) * ((cumulative[Math.ceil(x)] as number) - low);
  };
  return observe({
    chance: view.chance,
    lives: [...baseline, ...populations].flatMap((population) => population(view)),
    clockAt,
    capturesAtMs: view.capturesAtMs,
    requestsAt: (ms) => Math.floor(clockAt(ms) / 2),
  });
}

/** Healthy services, each a trap for a naive growth test. */
export const HEALTHY: Readonly<Record<string, (seed: number) => Observation[]>> = {
  "load ramp": (seed) =>
    play(scene(seed, "ramp"), [inFlight(HANDLER, 80, TWIN), inFlight(WORK, 700)]),
  "slow work under a load ramp": (seed) =>
    play(scene(seed, "ramp"), [inFlight(WORK, 2500), inFlight(HANDLER, 1500, TWIN)]),
  bursts: (seed) => play(scene(seed, "burst"), [inFlight(HANDLER, 300, TWIN), inFlight(WORK, 900)]),
  "long polls": (seed) =>
    play(scene(seed, "ramp"), [connections([POLL, TWIN], 8, 30_000), inFlight(HANDLER, 50, TWIN)]),
  websockets: (seed) =>
    play(scene(seed, "ramp"), [connections([SOCKET_READER, SOCKET_WRITER], 10, 900_000)]),
  "idle keep-alives": (seed) =>
    play(scene(seed, "even"), [
      connections([IDLE_CONN], 5, 90_000),
      filling([READ_LOOP], 40, 400),
      filling([WRITE_LOOP], 40, 400),
    ]),
  "pool that warms up": (seed) => {
    const view = scene(seed, "even");
    const tau = view.chance.between(0.05, 0.5) * view.endMs;
    return play(view, [filling([IDLE_WORKER], view.chance.integer(20, 300), tau)]);
  },
  "start-up tickers": (seed) => play(scene(seed, "even"), [startUp([TICKER], 40)]),
  "busy worker pool": (seed) =>
    play(scene(seed, "even"), [startUp([IDLE_WORKER, BUSY_WORKER], 64), inFlight(WORK, 200)]),
  "batch steps": (seed) => {
    const view = scene(seed, "even");
    const everyMs = view.chance.between(3000, 30_000);
    const lastMs = everyMs * view.chance.between(0.2, 0.8);
    return play(view, [
      batches(everyMs, view.chance.integer(5, 60), lastMs),
      inFlight(HANDLER, 60, TWIN),
    ]);
  },
  everything: (seed) =>
    play(scene(seed, "ramp"), [
      inFlight(HANDLER, 120, TWIN),
      inFlight(WORK, 900),
      connections([SOCKET_READER, SOCKET_WRITER], 6, 600_000),
      startUp([IDLE_WORKER, BUSY_WORKER], 32),
      filling([READ_LOOP], 30, 300),
      filling([WRITE_LOOP], 30, 300),
    ]),
};

/** Leaking services with the key's function that has to be found. */
export const LEAKING: Readonly<
  Record<string, { readonly site: string; readonly make: (seed: number) => Observation[] }>
> = {
  "one in two requests": {
    site: "main.(*search).query.func1",
    make: (seed) => play(scene(seed, "even"), [leaking([LEAK], 0.7), inFlight(HANDLER, 80, TWIN)]),
  },
  "under a load ramp": {
    site: "main.(*search).query.func1",
    make: (seed) =>
      play(scene(seed, "ramp"), [
        leaking([LEAK], 0.6),
        inFlight(HANDLER, 200, TWIN),
        inFlight(WORK, 700),
      ]),
  },
  "among work in flight at the same stack": {
    site: "main.(*feed).subscribe.func1",
    make: (seed) =>
      play(scene(seed, "even"), [leaking([LEAK_RECEIVE], 0.7), inFlight(LEAK_RECEIVE, 250)]),
  },
  "beside websockets": {
    site: "main.(*feed).subscribe.func1",
    make: (seed) =>
      play(scene(seed, "even"), [
        leaking([LEAK_RECEIVE], 0.7),
        connections([SOCKET_READER, SOCKET_WRITER], 4, 600_000),
      ]),
  },
  "in bursts": {
    site: "main.(*search).query.func1",
    make: (seed) => play(scene(seed, "burst"), [leaking([LEAK], 0.8), inFlight(HANDLER, 80, TWIN)]),
  },
  "in loops that wander": {
    site: "main.(*watch).loop",
    make: (seed) =>
      play(scene(seed, "even"), [
        leaking([LEAK_LOOP, LEAK_LOOP_BUSY], 0.7),
        inFlight(HANDLER, 80, TWIN),
      ]),
  },
};

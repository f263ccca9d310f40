/** Populations of goroutines, drawn from a scene: how many live when, and where they wait. */
import { arrivals, type Chance, type Life, type Stack } from "./simulated-process.ts";
import { BATCH } from "./simulated-stacks.ts";

/** The frame of one series: when it is captured and how the process's load goes. */
export interface Scene {
  readonly chance: Chance;
  /** First and last capture, and those between. */
  readonly capturesAtMs: readonly number[];
  readonly startMs: number;
  readonly endMs: number;
  /** Requests per second at a moment. */
  readonly rateAt: (ms: number) => number;
  readonly rateMax: number;
}

const FOREVER = Number.POSITIVE_INFINITY;

export type Population = (scene: Scene) => Life[];

function live(bornMs: number, diesMs: number, ...stacks: Stack[]): Life {
  return { bornMs, diesMs, stacks };
}

/** Requests that take a while, at the scene's rate; further stacks belong to the first. */
export const inFlight =
  (where: Stack, meanMs: number, ...helpers: Stack[]): Population =>
  ({ chance, capturesAtMs, rateAt, rateMax, endMs }) => {
    const lives: Life[] = [];
    const fromMs = (capturesAtMs[0] as number) - meanMs * 7;
    for (const at of arrivals(chance, fromMs, endMs, rateAt, rateMax)) {
      const diesMs = at + chance.exponential(meanMs);
      // Whoever no capture sees only moves the clock, and the clock counts every request already.
      if (capturesAtMs.some((captureMs) => captureMs >= at && captureMs < diesMs))
        lives.push(...family(at, diesMs, [where, ...helpers]));
    }
    return lives;
  };

/** A goroutine and those that it starts, which end with it. */
function family(bornMs: number, diesMs: number, stacks: readonly Stack[]): Life[] {
  const [own, ...helpers] = stacks as [Stack, ...Stack[]];
  const parent = live(bornMs, diesMs, own);
  return [parent, ...helpers.map((where) => ({ bornMs, diesMs, stacks: [where], parent }))];
}

export const startUp =
  (where: readonly Stack[], count: number): Population =>
  ({ startMs }) =>
    Array.from({ length: count }, (_, i) => live(startMs + i * 0.1, FOREVER, ...where));

/** A pool that fills towards `count`, ever more slowly. */
export const filling =
  (where: readonly Stack[], count: number, tauMs: number): Population =>
  ({ chance, startMs }) =>
    Array.from({ length: count }, () =>
      live(startMs + chance.exponential(tauMs), FOREVER, ...where),
    );

/** Connections that clients open and keep for long, with everything that belongs to each. */
export const connections =
  (belongings: readonly Stack[], perSecond: number, meanMs: number): Population =>
  ({ chance, startMs, endMs, rateAt, rateMax }) => {
    const share = perSecond / rateMax;
    return arrivals(chance, startMs, endMs, (ms) => rateAt(ms) * share, rateMax * share).flatMap(
      (at) => {
        return family(at, at + chance.exponential(meanMs), belongings);
      },
    );
  };

/** Workers started together for a job, gone when it is done. */
export const batches =
  (everyMs: number, workers: number, lastMs: number): Population =>
  ({ chance, startMs, endMs }) => {
    const lives: Life[] = [];
    for (let at = startMs + chance.next() * everyMs; at < endMs; at += everyMs)
      for (let i = 0; i < workers; i++)
        lives.push(live(at + i * 0.01, at + lastMs * chance.between(0.8, 1.2), BATCH));
    return lives;
  };

/** Every `1 / share`-th request leaves a goroutine behind. */
export const leaking =
  (where: readonly Stack[], share: number): Population =>
  ({ chance, startMs, endMs, rateAt, rateMax }) =>
    arrivals(chance, startMs, endMs, (ms) => rateAt(ms) * share, rateMax * share).map((at) =>
      live(at, FOREVER, ...where),
    );

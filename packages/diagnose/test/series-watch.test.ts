/** The watch as a pure machine: driven through hours in milliseconds, with real series as captures. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation } from "../src/observation.ts";
import { advanceWatch, openWatch } from "../src/watch/advance-watch.ts";
import type { WatchOptions } from "../src/watch/watch-options.ts";
import type { WatchEvent, WatchState } from "../src/watch/watch-state.ts";
import { dumpOf, groupOf, type Stack, withoutIds } from "./simulated-process.ts";

const LEAK: Stack = {
  state: "chan send",
  functions: ["main.(*search).query.func1"],
  creator: "main.(*search).query",
};
const SERVE: Stack = { state: "running", functions: ["main.serve"], creator: "main.main" };

const MINUTE_MS = 60_000;

/** A service with so many leaked goroutines at a moment; it answers unless it is down. */
interface Service {
  readonly leaked: (atMs: number) => number;
  readonly isUp?: (atMs: number) => boolean;
  /** Its captures name no goroutines: the budget allows grouped stacks only. */
  readonly isGrouped?: boolean;
}

/** Goroutine ids are dealt out at an even pace: two hundred a second. */
const clockAt = (atMs: number): number => 10_000 + Math.floor(atMs / 5);

/** Leaks one goroutine every two seconds until it is fixed. */
const SLOW_LEAK_MS = 2000;

function observe({ leaked, isGrouped = false }: Service, atMs: number): Observation {
  const ids = Array.from({ length: Math.floor(leaked(atMs)) }, (_, i) => clockAt(i * SLOW_LEAK_MS));
  const groups = [groupOf(LEAK, ids), groupOf(SERVE, [clockAt(atMs) + 1])];
  const observation: Observation = {
    atMs,
    requestsServed: Math.floor(atMs / 10),
    goroutines: dumpOf(groups.filter((group) => group.count > 0)),
  };
  return isGrouped ? (withoutIds([observation])[0] as Observation) : observation;
}

/** Drives a watch as the command line does, and returns everything that it said. */
function drive(service: Service, forMs: number, options: Partial<WatchOptions> = {}) {
  let state: WatchState = openWatch(0, options);
  const events: WatchEvent[] = [];
  const captures: number[] = [];
  while (state.next.atMs < forMs) {
    const { atMs, what } = state.next;
    const isUp = service.isUp?.(atMs) ?? true;
    if (isUp && what === "capture") captures.push(atMs);
    const input = !isUp
      ? ({ kind: "failure", atMs, text: "connection refused" } as const)
      : what === "count"
        ? ({
            kind: "count",
            atMs,
            count: 100 + Math.floor(service.leaked(atMs)),
            requestsServed: Math.floor(atMs / 10),
          } as const)
        : ({ kind: "capture", observation: observe(service, atMs) } as const);
    const advance = advanceWatch(state, input, options);
    state = advance.state;
    events.push(...advance.events);
  }
  return { state, events, captures, kinds: events.map(({ kind }) => kind) };
}

describe("A watch", () => {
  it("says the baseline and then nothing, while nothing happens", () => {
    const { kinds, captures } = drive({ leaked: () => 0 }, 120 * MINUTE_MS);
    expect(kinds).toEqual(["baseline"]);
    expect(captures).toEqual([]);
  });

  it("finds a leak by its forecast before high water, names it once, and reports that the fix converged", () => {
    const fixedAtMs = 30 * MINUTE_MS;
    const leaked = (atMs: number) => Math.min(atMs, fixedAtMs) / SLOW_LEAK_MS;
    const { events, kinds, state } = drive({ leaked }, 150 * MINUTE_MS);
    expect(kinds.filter((kind) => kind !== "high-water")).toEqual([
      "baseline",
      "growth",
      "finding",
      "converged",
    ]);
    const growth = events.find(({ kind }) => kind === "growth");
    expect(growth).toMatchObject({ kind: "growth" });
    if (growth?.kind === "growth") expect(growth.perHour).toBeCloseTo(1800, -2);
    expect(events.find(({ kind }) => kind === "finding")?.text).toContain("main.(*search).query");
    expect(state.open.size).toBe(0);
  });

  it("reports high water once per quarter more, not once per count", () => {
    const { kinds } = drive(
      { leaked: (atMs) => 150 + 10 * Math.sin(atMs / 7000) },
      60 * MINUTE_MS,
      {
        highWater: 200,
      },
    );
    expect(kinds.filter((kind) => kind === "high-water")).toHaveLength(1);
  });

  it("keeps the captures of any hour within its budget, whatever happens", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 3, max: 18 }), (levels, capturesPerHourMax) => {
        const leaked = (atMs: number) =>
          levels[Math.floor(atMs / 90_000) % levels.length] as number;
        const { captures } = drive({ leaked }, 90 * MINUTE_MS, {
          capturesPerHourMax,
          highWater: 300,
        });
        for (const from of captures) {
          const inHour = captures.filter((at) => at >= from && at < from + 60 * MINUTE_MS);
          expect(inHour.length).toBeLessThanOrEqual(capturesPerHourMax);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("takes twice as many captures where they name no goroutines, as far as the hour has room", () => {
    const leaked = (atMs: number) => (atMs < 2 * MINUTE_MS ? 0 : 500);
    const options = { highWater: 300, seriesCaptures: 4, riseMin: 10_000 };
    const taken = (isGrouped: boolean, capturesPerHourMax: number): number =>
      drive({ leaked, isGrouped }, 5 * MINUTE_MS, { ...options, capturesPerHourMax }).captures
        .length;
    expect(taken(false, 24)).toBe(4);
    expect(taken(true, 24)).toBe(8);
    expect(taken(true, 6)).toBe(6);
    expect(taken(true, 3)).toBe(3);
  });

  it("says lost once, tries ever less often, and says recovered with the time that it took", () => {
    const downFrom = 10 * MINUTE_MS;
    const downTo = 40 * MINUTE_MS;
    const { events, kinds } = drive(
      { leaked: () => 0, isUp: (atMs) => atMs < downFrom || atMs >= downTo },
      60 * MINUTE_MS,
    );
    expect(kinds).toEqual(["baseline", "lost", "recovered"]);
    const recovered = events.at(-1);
    expect(recovered?.kind === "recovered" ? recovered.downMs : 0).toBeGreaterThan(25 * MINUTE_MS);
  });

  it("does not call a single failed attempt lost", () => {
    const { kinds } = drive(
      { leaked: () => 0, isUp: (atMs) => atMs % 50_000 !== 0 },
      60 * MINUTE_MS,
    );
    expect(kinds).toEqual(["baseline"]);
  });

  it("remembers no more counts than it is allowed, and the same inputs give the same states", () => {
    const service: Service = { leaked: (atMs) => atMs / 10_000 };
    const first = drive(service, 60 * MINUTE_MS, { historyMax: 30 });
    expect(first.state.history).toHaveLength(30);
    expect(drive(service, 60 * MINUTE_MS, { historyMax: 30 })).toEqual(first);
  });
});

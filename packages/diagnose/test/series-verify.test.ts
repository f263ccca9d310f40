/** Step four: gone, still there, or too early to say, each with its numbers. */
import type { Finding } from "@watertight/finding";
import { describe, expect, it } from "vitest";
import type { Observation } from "../src/observation.ts";
import { decideRate, describeDecision, measureRate } from "../src/verify/leak-rate.ts";
import { verify } from "../src/verify.ts";
import { dumpOf, groupOf, type Stack } from "./simulated-process.ts";
import { HEALTHY, LEAKING } from "./simulated-services.ts";

const LEAK: Stack = {
  state: "chan send",
  functions: ["main.(*search).query.func1"],
  creator: "main.(*search).query",
};
const SERVE: Stack = { state: "running", functions: ["main.serve"], creator: "main.main" };

/** Captures every second of a service that serves `perSecond` and leaks `leaked` of each interval. */
function watch(perSecond: number, leaked: readonly number[], startRequests = 1000): Observation[] {
  const ids: number[] = [];
  return leaked.map((more, j) => {
    const newest = 10_000 + j * perSecond * 3;
    const oldest = j === 0 ? 100 : newest - perSecond * 3;
    for (let i = 0; i < more; i++)
      ids.push(oldest + Math.floor(((i + 0.5) * (newest - oldest)) / more));
    const groups = [groupOf(LEAK, ids), groupOf(SERVE, [newest])];
    return {
      atMs: j * 1000,
      requestsServed: startRequests + j * perSecond,
      goroutines: dumpOf(groups.filter(({ count }) => count > 0)),
    };
  });
}

function finding(growth: Finding["growth"]): Finding {
  return {
    id: "leak",
    cause: "channel-send",
    kind: "work",
    runtime: "go",
    severity: "high",
    confidence: 0.9,
    certainty: "likely",
    title: "blocked",
    count: 100,
    unit: "goroutines",
    state: "chan send",
    site: { function: "main.(*search).query.func2", file: "/old/search.go", line: 77 },
    creator: { function: "main.(*search).query", file: "/old/search.go", line: 70 },
    ...(growth === undefined ? {} : { growth }),
    evidence: [],
    fix: { summary: "Fix it.", docs: "docs/causes/channel-send.md" },
  };
}

const EVERY_FIFTH = finding({ perHour: 72_000, pValue: 1e-6, captures: 4, perRequest: 0.2 });

describe("verify", () => {
  it("says converged once the old rate would have left ten and none came", () => {
    const result = verify([EVERY_FIFTH], watch(100, [40, 0, 0, 0, 0]));
    expect(result.status).toBe("converged");
    expect(result.leaks[0]?.text).toBe(
      "Converged: 0 came and stayed in 400 requests, where the old rate would have left about 80; it is now below 0.0075 per request with 95 % confidence, 0.2 per request before.",
    );
  });

  it("counts every request of the process's life when nothing at all is left over", () => {
    const result = verify([EVERY_FIFTH], watch(2, [0, 0, 0]));
    expect(result.leaks[0]).toMatchObject({ status: "converged", requests: 1004, observed: 0 });
  });

  it("asks for as many more requests as certainty needs, and that many suffice", () => {
    const early = verify([EVERY_FIFTH], watch(10, [40, 0, 0]));
    expect(early.status).toBe("not-enough-data");
    const more = early.leaks[0]?.needed?.requests ?? 0;
    expect(early.leaks[0]?.text).toMatch(/Watch for 30 more requests, or 3 s more at this load\.$/);
    const seconds = Math.ceil(more / 10) + 2;
    const late = verify(
      [EVERY_FIFTH],
      watch(10, [40, ...Array.from({ length: seconds }, () => 0)]),
    );
    expect(late.status).toBe("converged");
  });

  it("says still growing when it grows, though slower than before", () => {
    const result = verify([EVERY_FIFTH], watch(100, [40, 6, 5, 6, 5]));
    expect(result.leaks[0]?.status).toBe("still-growing");
    expect(result.leaks[0]?.text).toContain("0.055 per request");
    expect(result.leaks[0]?.after?.upper).toBeLessThan(0.2);
  });

  it("never says converged of a service that did nothing while it was watched", () => {
    expect(verify([EVERY_FIFTH], watch(0, [40, 0, 0, 0, 0])).status).toBe("not-enough-data");
    const hourly = finding({ perHour: 720_000, pValue: 1e-6, captures: 4 });
    const uncounted = watch(0, [40, 0, 0, 0, 0]).map(({ atMs, goroutines }) =>
      goroutines === undefined ? { atMs } : { atMs, goroutines },
    );
    expect(verify([hourly], uncounted).leaks[0]?.text).toContain("next to nothing");
  });

  it("says what is missing when the earlier report has no rate, or the captures are too few", () => {
    expect(verify([finding(undefined)], watch(100, [0, 0, 0])).leaks[0]?.text).toContain(
      "saw no growth",
    );
    expect(verify([EVERY_FIFTH], watch(100, [0, 0])).leaks[0]?.text).toContain("2 captures");
    expect(verify([EVERY_FIFTH], []).status).toBe("not-enough-data");
  });

  it("names groups that grow now and did not before", () => {
    const other = { ...EVERY_FIFTH, creator: { function: "main.other", file: "o.go", line: 1 } };
    const result = verify([other], watch(100, [40, 20, 20, 20]));
    expect(result.newcomers.map(({ verdict }) => verdict)).toEqual(["growing"]);
  });

  it("compares captures with captures, and knows the leak by its key", () => {
    const before = watch(100, [10, 20, 20, 20]);
    expect(verify(before, watch(100, [10, 20, 20, 20])).status).toBe("still-growing");
    expect(verify(before, watch(100, [10, 0, 0, 0, 0])).status).toBe("converged");
  });

  it("holds over simulated services: fixed ones converge or ask for time, broken ones never converge", () => {
    let converged = 0;
    for (const [name, { make }] of Object.entries(LEAKING)) {
      for (let seed = 0; seed < 20; seed++) {
        const broken = verify(make(seed), make(seed + 500));
        if (broken.leaks.length > 0) expect(broken.status, `${name} ${seed}`).not.toBe("converged");
        const healthy = HEALTHY["busy worker pool"] as (seed: number) => Observation[];
        const fixed = verify(make(seed), healthy(seed));
        expect(fixed.leaks.map(({ status }) => status)).not.toContain("still-growing");
        if (fixed.status === "converged") converged++;
      }
    }
    expect(converged).toBeGreaterThan(100);
  });
});

describe("The decision over a rate", () => {
  it("calls a true stop converged and a true rate never, over many drawn counts", () => {
    const before = measureRate(50, 100, "request");
    for (let leaked = 0; leaked < 60; leaked++) {
      const seen = { leaked, exposure: 100, hours: 1, isGrowing: false };
      const decision = decideRate(before, seen);
      if (decision.status === "converged") expect(leaked).toBeLessThan(before.lower * 100 * 0.34);
      expect(describeDecision(decision, before, seen)).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(
      decideRate(before, { leaked: 0, exposure: 100, hours: 1, isGrowing: false }).status,
    ).toBe("converged");
  });
});

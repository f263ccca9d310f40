/** Series of real Go services: recorded ones everywhere, live ones where Go is at hand. */
import { describe, expect, it } from "vitest";
import { findGo } from "../../../e2e/real-parts.ts";
import { buildZoo } from "../../../zoo/build.ts";
import { captureRun } from "../../../zoo/capture-run.ts";
import { listServices } from "../../../zoo/list.ts";
import { diagnose } from "../src/diagnose.ts";
import { diagnoseHeapSeries } from "../src/heap/diagnose-heap-series.ts";
import { analyseSeries } from "../src/series/analyse-series.ts";
import type { MemberSeries, SeriesView } from "../src/series/series-view.ts";
import { verify } from "../src/verify.ts";
import { decodeCapture, readRecorded } from "./recorded-series.ts";

function growing(view: SeriesView): readonly MemberSeries[] {
  return [...view.groups.values()].filter(({ verdict }) => verdict === "growing");
}

describe("A recorded Go service", () => {
  it("that leaks a sender per request is found from its first three captures, at its rate", () => {
    const captures = readRecorded("channel-send-early-return-leaky");
    const [leak, ...others] = growing(analyseSeries(captures.slice(0, 3)));
    expect(others).toEqual([]);
    expect(leak?.key).toMatch(/^chan send\|.*early-return/);
    expect(leak?.turnover?.left).toBe(0);
    expect(leak?.growth?.pValue).toBeLessThan(1e-4);
  });

  it("that never closes a body is found at both of the connection's goroutines", () => {
    const keys = growing(analyseSeries(readRecorded("unclosed-body-sniff-leaky"))).map(
      (m) => m.key,
    );
    expect(keys.some((key) => key.includes("persistConn).readLoop"))).toBe(true);
    expect(keys.some((key) => key.includes("persistConn).writeLoop"))).toBe(true);
  });

  it.each([
    "channel-send-early-return-healthy",
    "unclosed-body-sniff-healthy",
    "hard-healthy-load-ramp-healthy",
    "hard-healthy-long-poll-healthy",
    "hard-healthy-worker-pool-healthy",
    "memory-growth-map-cache-healthy",
  ])("that is healthy is not accused: %s", (name) => {
    const captures = readRecorded(name);
    for (let length = 3; length <= captures.length; length++)
      expect(growing(analyseSeries(captures.slice(0, length)))).toEqual([]);
  });

  it("has converged once its healthy twin runs, and not while it leaks on", () => {
    const leaky = readRecorded("channel-send-early-return-leaky");
    const { findings } = diagnose(leaky);
    expect(findings).toHaveLength(1);
    const healthy = readRecorded("channel-send-early-return-healthy");
    expect(verify(findings, leaky).status).toBe("still-growing");
    expect(verify(findings, healthy).leaks[0]).toMatchObject({ status: "converged", observed: 0 });
  });
});

describe("A recorded heap series", () => {
  const leaky = readRecorded("memory-growth-map-cache-leaky");

  it("names the line whose bytes stay, the shape, and how much of what is allocated stays", () => {
    const findings = diagnoseHeapSeries(leaky);
    expect(findings).toHaveLength(1);
    const finding = findings[0];
    expect(finding).toMatchObject({ cause: "memory-growth", kind: "memory", unit: "bytes" });
    expect(finding?.site?.function).toMatch(/map-cache\.render$/);
    expect(finding?.site?.line).toBeGreaterThan(0);
    expect(finding?.growth?.pValue).toBeLessThan(0.01);
    const text = finding?.evidence.map((evidence) => evidence.text).join("\n");
    expect(text).toMatch(/^Isolated tower: .* grew from .* to .* over 9 captures/);
    expect(text).toMatch(/Of .* allocated there meanwhile, .* stayed in use \((?:9\d|100) %\)/);
    expect(text).toMatch(/Requests per second went from .* to .* meanwhile/);
  });

  it("is found by the diagnosis too, with the rate of allocation as a note", () => {
    const { findings, notes } = diagnose(leaky);
    expect(findings.map(({ cause }) => cause)).toEqual(["memory-growth"]);
    expect(notes.join("\n")).toMatch(/allocates .* per second; only what stays in use is a leak/);
  });

  it("of a bounded cache is not accused, nor is a series of four captures", () => {
    expect(diagnoseHeapSeries(readRecorded("memory-growth-map-cache-healthy"))).toEqual([]);
    expect(diagnoseHeapSeries(leaky.slice(0, 4))).toEqual([]);
  });

  it("verifies by the bytes at the site: a bounded cache converged, the leak has not", () => {
    const findings = diagnoseHeapSeries(leaky);
    const still = verify(findings, leaky).leaks[0];
    expect(still?.status).toBe("still-growing");
    expect(still?.text).toMatch(/^Still growing: .*\/h \(95 % bounds .* and .*\)/);
    const fixed = verify(findings, readRecorded("memory-growth-map-cache-healthy")).leaks[0];
    expect(fixed?.status).toBe("converged");
  });
});

const go = findGo();

describe.skipIf(go === undefined)("A live Go service", () => {
  it("that leaks is found, and its twin is not accused", { timeout: 240_000 }, async () => {
    const binary = await buildZoo(go as NonNullable<typeof go>);
    const twins = listServices().filter(({ name }) => name === "channel-send/early-return");
    const runs = await Promise.all(twins.map((service) => captureRun(service, binary)));
    for (const { service, captures } of runs) {
      const found = growing(analyseSeries(captures.map(decodeCapture)));
      expect(found.length, service.twin).toBe(service.twin === "leaky" ? 1 : 0);
    }
  });
});

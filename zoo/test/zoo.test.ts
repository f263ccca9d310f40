import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ALL_RULES } from "@watertight/diagnose";
import type { Finding } from "@watertight/finding";
import { findGo } from "../../e2e/real-parts.ts";
import { measure, reachesTargets } from "../accuracy-table.ts";
import { buildZoo } from "../build.ts";
import type { CapturedRun } from "../capture-run.ts";
import { contradictions } from "../ground.ts";
import { GO_FOLDER, listServices, readMarkers, type ZooService } from "../list.ts";
import { findMarkers } from "../markers.ts";
import { startService } from "../process.ts";
import { keepRun, readRuns } from "../run-store.ts";
import { isAt, scoreRun } from "../score.ts";
import { parseTruth } from "../truth.ts";

const services = listServices();
const leaky = services.filter(({ twin }) => twin === "leaky");
const go = findGo();

describe("every service", () => {
  it.each(services.map((service) => [`${service.name} ${service.twin}`, service] as const))(
    "%s has its sources beside its truth",
    (_, { name, truth }) => {
      const files = truth.leaks === undefined ? ["service.go"] : ["leaky.go", "healthy.go"];
      for (const file of files) expect(existsSync(join(GO_FOLDER, name, file))).toBe(true);
    },
  );

  it.each(leaky.map((service) => [service.name, service] as const))(
    "%s says where it leaks and what starts it",
    (_, { leaks }) => {
      for (const leak of leaks) {
        expect(leak.sites.length).toBeGreaterThan(0);
        const needsCreator = !["memory-growth"].includes(leak.cause);
        if (needsCreator) expect(leak.creators.length).toBeGreaterThan(0);
      }
    },
  );

  it("has no marker in a healthy twin", () => {
    const marked = services.flatMap(({ name }) => readMarkers(name));
    expect(marked.filter(({ file }) => /\/(healthy|service)\.go$/.test(file))).toEqual([]);
  });

  it("is in the registry of the zoo command", () => {
    const registry = readFileSync(join(GO_FOLDER, "cmd/zoo/services.go"), "utf8");
    const own = services.filter(({ command }) => command === "zoo");
    for (const { name } of own) expect(registry).toContain(`"${name}":`);
  });

  it("leaves no rule without a service that breaks it", () => {
    const causes = new Set(leaky.flatMap(({ leaks }) => leaks.map(({ cause }) => cause)));
    const unproven = ALL_RULES.filter(({ cause }) => !causes.has(cause));
    expect(unproven.map(({ cause }) => cause)).toEqual([]);
  });
});

describe("a marker", () => {
  const source = [
    "package shop",
    "",
    "func (c *cart[T]) save() {",
    "\tgo func() { // leak: started here (saves)",
    "\t\tc.done <- true // leak: stuck here (saves)",
    "\t}()",
    "}",
  ].join("\n");
  const [started, stuck] = findMarkers(source, "carts/leaky.go");

  it("gives its line and its mark", () => {
    expect(started).toMatchObject({ kind: "started", mark: "saves", line: 4 });
    expect(stuck).toMatchObject({ kind: "stuck", mark: "saves", line: 5 });
  });

  it("matches the symbol of a closure in a generic method", () => {
    const symbol = new RegExp(stuck?.function ?? "^$");
    expect("example.com/zoo/carts.(*cart[...]).save.func1").toMatch(symbol);
    expect("example.com/zoo/carts.(*cart[...]).load.func1").not.toMatch(symbol);
  });
});

describe("a truth that is wrong", () => {
  it("is refused with its path and the reason", () => {
    const text = JSON.stringify({ about: "x", leaks: [{ cause: "No", perRequest: 1 }] });
    expect(() => parseTruth(text, "a/truth.json")).toThrow("a/truth.json: `No` is not a cause id");
  });
});

const service: ZooService = {
  name: "shop",
  group: "shop",
  twin: "leaky",
  command: "zoo",
  args: [],
  minGo: "1.19",
  truth: { about: "x", effects: ["semaphore"] },
  leaks: [
    {
      cause: "channel-send",
      causes: ["channel-send"],
      perRequest: 1,
      states: ["chan send"],
      sites: [{ function: "shop\\.save", file: "shop/leaky.go", line: 5 }],
      creators: [{ function: "shop\\.serve", file: "shop/leaky.go", line: 9 }],
    },
  ],
};

function findingAt(line: number, cause = "channel-send"): Finding {
  const frame = { function: "example.com/shop.save", file: "/src/shop/leaky.go", line };
  return {
    id: `${cause}-${line}`,
    cause,
    kind: "work",
    runtime: "go",
    severity: "high",
    confidence: 0.9,
    certainty: "likely",
    title: cause,
    count: 10,
    unit: "goroutines",
    site: frame,
    creator: { ...frame, function: "example.com/shop.serve", line: 9 },
    evidence: [],
    fix: { summary: "", docs: "" },
  };
}

describe("the score", () => {
  it("is full for the right cause at the right lines", () => {
    const sum = measure([scoreRun(service, "1.27", [findingAt(5)], [])]);
    expect(sum).toMatchObject({ recall: 1, precision: 1, causeRate: 1, siteRate: 1 });
    expect(reachesTargets(sum)).toBe(true);
  });

  it("tells a wrong line from a missed leak", () => {
    const sum = measure([scoreRun(service, "1.27", [findingAt(6)], [])]);
    expect(sum).toMatchObject({ found: 1, sitesRight: 0, creatorsRight: 1 });
  });

  it("misses a leak that nothing speaks of", () => {
    const sum = measure([scoreRun(service, "1.27", [], [])]);
    expect(sum.recall).toBe(0);
    expect(reachesTargets(sum)).toBe(false);
  });

  it("counts every finding against a healthy twin", () => {
    const healthy: ZooService = { ...service, twin: "healthy", leaks: [] };
    const sum = measure([scoreRun(healthy, "1.27", [findingAt(5)], [])]);
    expect(sum).toMatchObject({ healthyRunsAccused: 1, findingsSpurious: 1, precision: 0 });
    expect(reachesTargets(sum)).toBe(false);
  });

  it("lets an effect of the leak pass, and nothing else", () => {
    const elsewhere = { function: "other.f", file: "/src/other.go", line: 1 };
    const effect = { ...findingAt(5, "semaphore"), site: elsewhere, creator: elsewhere };
    const stranger = { ...effect, cause: "pipe" };
    const { spurious } = scoreRun(service, "1.27", [findingAt(5), effect, stranger], []);
    expect(spurious.map(({ cause }) => cause)).toEqual(["pipe"]);
  });

  it("compares a file by its end, so that -trimpath builds count as well", () => {
    const lines = service.leaks[0]?.sites ?? [];
    const frame = { function: "example.com/shop.save", line: 5 };
    expect(isAt({ ...frame, file: "example.com/shop/leaky.go" }, lines)).toBe(true);
    expect(isAt({ ...frame, file: "/src/other/leaky.go" }, lines)).toBe(false);
  });
});

/** A dump with `stuck` goroutines at the marked line of {@link service}. */
function dumpWith(stuck: number): string {
  const main = "goroutine 1 [chan receive]:\nmain.main()\n\t/src/main.go:3 +0x1\n";
  const blocks = Array.from(
    { length: stuck },
    (_, index) =>
      `goroutine ${index + 5} [chan send]:\nexample.com/shop.save()\n\t/src/shop/leaky.go:5 +0x1\n` +
      `created by example.com/shop.serve in goroutine 2\n\t/src/shop/leaky.go:9 +0x2\n`,
  );
  return [main, ...blocks].join("\n");
}

function runWith(stuck: number, requestsSent: number): CapturedRun {
  const capture = (goroutines: string): CapturedRun["baseline"] => ({ atMs: 0, goroutines });
  const settled = capture(dumpWith(stuck));
  return {
    service,
    go: "1.27",
    baseline: capture(dumpWith(0)),
    captures: [settled],
    settled,
    requestsSent,
  };
}

describe("the ground truth's own check", () => {
  it("accepts a run that leaks as the truth says", () => {
    expect(contradictions(runWith(100, 100))).toEqual([]);
  });

  it("says when less stays than the truth says", () => {
    expect(contradictions(runWith(20, 100))).toEqual([
      "20 goroutines stayed after 100 requests; the truth says 1 per request",
    ]);
  });

  it("says when nothing is at the marked line", () => {
    expect(contradictions(runWith(0, 100))[0]).toContain("0 goroutines at shop/leaky.go:5");
  });
});

describe("a kept run", () => {
  const folder = mkdtempSync(join(tmpdir(), "zoo-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is read back as it was", () => {
    const run = runWith(3, 9);
    keepRun(folder, run);
    expect(readRuns(folder, [service])).toEqual([run]);
  });
});

describe.skipIf(go === undefined)("with Go", () => {
  it("go vet has nothing to say", { timeout: 120_000 }, () => {
    const env = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-buildvcs=false" };
    expect(() =>
      execFileSync(go?.go ?? "go", ["vet", "./..."], { cwd: GO_FOLDER, env, stdio: "pipe" }),
    ).not.toThrow();
  });

  it("a service starts, answers and stops", { timeout: 120_000 }, async () => {
    if (go === undefined) return;
    const binary = await buildZoo(go);
    const args = ["channel-send/early-return", "leaky"];
    await using service = await startService({ binary: binary.path, args });
    const response = await fetch(`${service.url}/debug/pprof/goroutine?debug=1`);
    expect(await response.text()).toContain("goroutine profile: total");
    await service.stop();
    await expect(fetch(service.url)).rejects.toThrow();
  });

  it("a service that does not start says why", { timeout: 120_000 }, async () => {
    if (go === undefined) return;
    const binary = await buildZoo(go);
    const start = startService({ binary: binary.path, args: ["no-such", "leaky"] });
    await expect(start).rejects.toThrow('no service is called "no-such" "leaky"');
  });
});

import { existsSync } from "node:fs";
import { diagnose } from "@watertight/diagnose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { captureProgram } from "../node/capture-program.ts";
import { compilePrograms } from "../node/compile-programs.ts";
import { namedLines } from "../node/detectors/detector.ts";
import { scoreDump } from "../node/dump-score.ts";
import { measureGround, nodeContradictions } from "../node/ground.ts";
import { listPrograms, readNodeMarkers, type ZooProgram } from "../node/list.ts";
import { type RunningUpstream, startProgram, startUpstream } from "../node/process.ts";
import { scoreRun } from "../score.ts";
import { precisionOf, scoreTests, type TestRun } from "../node/test-score.ts";

const programs = listPrograms();
const leaky = programs.filter(({ twin }) => twin === "leaky");
const healthy = programs.filter(({ twin }) => twin === "healthy");

/** A busy machine starts a process in seconds. */
const RUN_MS_MAX = 120_000;

/** One pair per way of showing; all of them with `WATERTIGHT_REQUIRE=all`. */
const SAMPLE = new Set([
  "unclosed-body/undici-request",
  "promise-pending/data-loader",
  "promise-pending/reply-forgotten",
  "timer-loop/heartbeat",
  "listener-growth/abort-signal",
  "iterator-abandoned/cursor-kept",
  "hard-healthy/worker-queue",
]);
const isWhole = process.env["WATERTIGHT_REQUIRE"] === "all";
const tried = programs.filter(({ name }) => isWhole || SAMPLE.has(name));

function named(list: readonly ZooProgram[]): readonly (readonly [string, ZooProgram])[] {
  return list.map((program) => [`${program.name} ${program.twin}`, program]);
}

/** A leak that neither a collection nor the end of its request mends. */
function isLasting({ twin, leaks }: ZooProgram): boolean {
  return (
    twin === "leaky" && !leaks.some(({ shows }) => shows === "test-only" || shows === "vanished")
  );
}

function find(name: string, twin: string): ZooProgram {
  const program = programs.find((one) => one.name === name && one.twin === twin);
  if (program === undefined) throw new Error(`no program ${name} ${twin}`);
  return program;
}

describe("the programs", () => {
  it("are at least fifty leaks, each with its fixed twin", () => {
    expect(leaky.length).toBeGreaterThanOrEqual(50);
    const fixed = new Set(healthy.map(({ name }) => name));
    expect(leaky.filter(({ name }) => !fixed.has(name))).toEqual([]);
    expect(programs.filter(({ path }) => !existsSync(path))).toEqual([]);
  });

  it("have at least three leaks of every cause", () => {
    const counts = Object.groupBy(leaky, ({ group }) => group);
    const few = Object.entries(counts).filter(([, some]) => (some ?? []).length < 3);
    expect(few.map(([cause]) => cause)).toEqual([]);
  });

  it("have no marker in a healthy twin", () => {
    const marked = healthy.flatMap(({ name }) => readNodeMarkers(name, "healthy"));
    expect(marked).toEqual([]);
  });

  it.each(named(leaky))("%s says where it leaks, and is filed under its cause", (_, program) => {
    const [leak] = program.leaks;
    expect(leak?.cause).toBe(program.group);
    expect(leak?.sites.length).toBeGreaterThan(0);
  });

  it("take a marker on a line of its own as one of the line above", () => {
    const [stuck] = find("unclosed-body/http-get", "leaky").leaks[0]?.sites ?? [];
    const [creator] = find("unclosed-body/http-get", "leaky").leaks[0]?.creators ?? [];
    expect(stuck?.line).toBe(8);
    expect(creator?.line).toBe(23);
  });
});

describe("running", { timeout: RUN_MS_MAX }, () => {
  let upstream: RunningUpstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });
  afterAll(() => upstream.stop());

  it.concurrent.each(named(tried))(
    "%s does as its truth says, and a leak that lasts would not pass for its healthy twin",
    async (_, program) => {
      using running = await startProgram(program, upstream);
      const ground = await measureGround(program, running);
      expect(nodeContradictions(program, ground)).toEqual([]);
      if (!isLasting(program)) return;
      const twin: ZooProgram = { ...program, twin: "healthy", leaks: [] };
      expect(nodeContradictions(twin, ground)).not.toEqual([]);
    },
  );

  it("a program's stuck tasks are in the dump that is taken from outside, at their await", async () => {
    const run = await captureProgram(find("promise-pending/data-loader", "leaky"), upstream, {
      count: 1,
    });
    expect(scoreDump(run)).toMatchObject({ isInDump: true, isAwaitExact: true, isProven: true });
  });

  it.each([
    ["compiled", "none"],
    ["written", "registered"],
  ] as const)("a %s program with the agent %s is told by its lines", async (sources, agent) => {
    const written = [
      find("promise-pending/data-loader", "leaky"),
      find("listener-growth/abort-signal", "leaky"),
      find("memory-growth/map-cache", "leaky"),
      find("external-memory-growth/subarray", "leaky"),
    ];
    for (const program of sources === "compiled" ? compilePrograms(written) : written) {
      const { captures } = await captureProgram(program, upstream, { agent });
      const { findings } = diagnose(captures);
      const { leaks, spurious } = scoreRun(program, "Node", findings, []);
      const told = leaks.map(({ isSiteRight, isCreatorRight }) => ({
        isSiteRight,
        isCreatorRight,
      }));
      expect([program.name, told]).toEqual([
        program.name,
        [{ isSiteRight: true, isCreatorRight: true }],
      ]);
      expect(spurious).toEqual([]);
    }
  });

  it("a program ends by its own end", async () => {
    using running = await startProgram(find("hard-healthy/worker-queue", "healthy"), upstream);
    await running.run(5);
    await running.stopProgram();
    const { promises = 0 } = await running.gauges();
    expect(promises).toBeGreaterThan(0);
  });

  it("a program that cannot be loaded says why", async () => {
    const missing = { ...find("hard-healthy/pub-sub", "healthy"), path: "/no/such/program.ts" };
    await expect(startProgram(missing, upstream)).rejects.toThrow("/no/such/program.ts");
  });
});

describe("the score of a detector", () => {
  const program = find("promise-pending/lost-wakeup", "leaky");
  const [site] = program.leaks[0]?.sites ?? [];
  const text = `stuck at /src/zoo/node/${site?.file}:${site?.line}`;
  const found: TestRun = {
    detector: "any",
    program,
    findings: [{ text, lines: namedLines(text) }],
    failure: undefined,
  };
  const accused: TestRun = { ...found, program: find("promise-pending/lost-wakeup", "healthy") };

  it("counts a leak that is found at its line", () => {
    expect(scoreTests([found])).toMatchObject({ leaks: 1, found: 1, sites: 1, creators: 0 });
  });

  it("counts a leak that is found without a line", () => {
    const vague = { ...found, findings: [{ text: "5 Timeout", lines: [] }] };
    expect(scoreTests([vague])).toMatchObject({ found: 1, sites: 0 });
  });

  it("holds a finding in a healthy twin against the detector", () => {
    const score = scoreTests([found, accused]);
    expect(score).toMatchObject({ healthy: 1, accused: 1 });
    expect(precisionOf(score)).toBe(0.5);
  });
});

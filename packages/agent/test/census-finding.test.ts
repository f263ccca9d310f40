/** What no suspended task shows, found through the agent alone: as `watertight inspect URL` does. */
import { capture, type CaptureRecord } from "@watertight/capture";
import { diagnose, type Observation } from "@watertight/diagnose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findNode } from "../../../e2e/real-parts.ts";
import { listPrograms, type ZooProgram } from "../../../zoo/node/list.ts";
import { type RunningUpstream, startUpstream } from "../../../zoo/node/process.ts";
import { nodeLoadOf } from "../../../zoo/node/truth.ts";
import { NodeProgram, TOKEN } from "./node-program.ts";

const node = findNode("24");
const programs = listPrograms();
const CAPTURES = 4;

/** Timers, listeners, files that the system counts, unread bodies, memory. */
const NAMES = [
  "timer-loop/heartbeat",
  "listener-growth/config-change",
  "handle-leak/file-handle",
  "unclosed-body/undici-request",
  "memory-growth/map-cache",
];
const HEALTHY = ["listener-growth/config-change", "handle-leak/file-handle"];

function find(name: string, twin: string): ZooProgram {
  const program = programs.find((each) => each.name === name && each.twin === twin);
  if (!program) throw new Error(`no program ${name} ${twin}`);
  return program;
}

async function takeSeries(program: ZooProgram, upstream: RunningUpstream): Promise<Observation[]> {
  await using running = new NodeProgram(node as string, "drive.mjs", {
    env: { ...upstream.env, PROGRAM: program.path },
  });
  const url = await running.line();
  const port = await running.line();
  const { warm, step } = nodeLoadOf(program);
  const series: CaptureRecord[] = [];
  for (let index = 0; index < CAPTURES; index++) {
    const requests = index === 0 ? warm : step;
    await (await fetch(`http://127.0.0.1:${port}/${requests}`)).text();
    series.push(await capture(url, ["goroutines", "requests"], {}, { bearerToken: TOKEN }));
  }
  return series;
}

describe.skipIf(node === undefined)("through the agent", { timeout: 180_000 }, () => {
  let upstream: RunningUpstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });
  afterAll(() => upstream.stop());

  test.each(NAMES)("%s is found where it leaks", async (name) => {
    const program = find(name, "leaky");
    const [leak] = program.leaks;
    const { findings } = diagnose(await takeSeries(program, upstream));
    const causes = findings.map(({ cause }) => cause);
    expect(causes).toEqual([leak?.cause]);
    // A heap does not say who made undici's bodies.
    const lines = [...(leak?.sites ?? []), ...(leak?.creators ?? [])].map(({ line }) => line);
    expect([...lines, undefined]).toContain(findings[0]?.site?.line);
  });

  test.each(HEALTHY)("%s mended is no finding", async (name) => {
    const program = find(name, "healthy");
    expect(diagnose(await takeSeries(program, upstream)).findings).toEqual([]);
  });
});

/** Programs that keep Buffers, and what the diagnosis says of them with the agent's profiles. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { attach, capture } from "@watertight/capture";
import { diagnose, diagnoseHeapSeries, type Observation } from "@watertight/diagnose";
import { decodePprof } from "@watertight/profile";
import { describe, expect, test } from "vitest";
import { findNode } from "../../../e2e/real-parts.ts";
import { ask, NodeProgram, TOKEN } from "./node-program.ts";

const zoo = new URL("../../../zoo/node/external-memory-growth/", import.meta.url);
const node = findNode("24");

/** Some ten megabytes between two captures: a sample stands for half of one. */
const REQUESTS = 120;

interface Run {
  readonly program: string;
  readonly tracking: "buffers" | "all";
  /** Task profiles beside the heap profiles, and who is asked for them: the agent, or the process by its pid. */
  readonly tasks?: "agent" | "pid";
  readonly captures?: number;
  readonly heap?: "as-is" | "after-gc";
}

async function captureSeries({
  program,
  tracking,
  tasks: asked,
  captures = 6,
  heap: when = "after-gc",
}: Run): Promise<Observation[]> {
  await using running = new NodeProgram(node as string, "drive.mjs", {
    // Another process of the machine may have the port that SIGUSR1 opens.
    flags: ["--inspect-port=0"],
    env: { PROGRAM: new URL(program, zoo).href, WATERTIGHT_EXTERNAL_MEMORY: tracking },
  });
  const url = await running.line();
  const port = await running.line();
  const attached =
    asked === "pid"
      ? await attach(running.child.pid as number, { budget: { standstillMs: 60_000 } })
      : undefined;
  const series: Observation[] = [];
  for (let index = 0; index < captures; index++) {
    const sent = Number(await (await fetch(`http://127.0.0.1:${port}/${REQUESTS}`)).text());
    const path = when === "after-gc" ? "heap?gc=1" : "heap";
    const body = Buffer.from(await (await ask(`${url}/${path}`)).arrayBuffer());
    const heap = decodePprof(gunzipSync(body)).profile;
    const byAgent = { standstillMs: 60_000 };
    const tasks =
      asked === "agent"
        ? await capture(url, ["goroutines"], byAgent, { bearerToken: TOKEN })
        : await attached?.capture();
    series.push({ ...tasks, atMs: index * 60_000, heap, requestsServed: sent });
  }
  await attached?.close();
  return series;
}

/** The line that the program's own comment points at. */
function leakingLine(program: string): number {
  const lines = readFileSync(fileURLToPath(new URL(program, zoo)), "utf8").split("\n");
  return lines.findIndex((line) => line.includes("leak: stuck here")) + 1;
}

/** What tsc makes of a program, with a source map beside it, in a folder that goes away again. */
async function compile(program: string): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "watertight-compiled-"));
  const tsc = join(
    dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
    "bin/tsc",
  );
  const source = fileURLToPath(new URL(program, zoo));
  const flags = [
    "--ignoreConfig",
    "--noCheck",
    "--sourceMap",
    "--target",
    "es2022",
    "--module",
    "nodenext",
  ];
  execFileSync(process.execPath, [tsc, ...flags, "--outDir", path, source]);
  await writeFile(join(path, "package.json"), '{ "type": "module" }');
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe.skipIf(node === undefined)("Buffers that grow", { timeout: 120_000 }, () => {
  test.each<Run>([
    { program: "receipts/leaky.ts", tracking: "buffers", tasks: "pid" },
    { program: "buffer-pool/leaky.ts", tracking: "buffers", tasks: "pid" },
    { program: "subarray/leaky.ts", tracking: "all", tasks: "pid" },
    { program: "receipts/leaky.ts", tracking: "buffers", tasks: "agent" },
    { program: "subarray/leaky.ts", tracking: "buffers", tasks: "agent" },
  ])("the line that allocates them is the finding's: %o", async (run) => {
    const series = await captureSeries(run);
    const found = diagnose(series).findings;
    expect(found.map(({ cause, site }) => ({ cause, line: site?.line }))).toEqual([
      { cause: "external-memory-growth", line: leakingLine(run.program) },
    ]);
  });

  test.each<Run>([
    { program: "receipts/leaky.ts", tracking: "buffers", captures: 12 },
    { program: "buffer-pool/leaky.ts", tracking: "buffers", captures: 8 },
    { program: "subarray/leaky.ts", tracking: "all", captures: 8 },
  ])("the heap profiles alone say as much: %o", async (run) => {
    const found = diagnoseHeapSeries(await captureSeries(run));
    expect(found.map(({ cause, site }) => ({ cause, line: site?.line }))).toEqual([
      { cause: "external-memory-growth", line: leakingLine(run.program) },
    ]);
  });

  test("a compiled program is told by the lines that were written", async () => {
    await using folder = await compile("receipts/leaky.ts");
    const program = pathToFileURL(join(folder.path, "leaky.js")).href;
    const found = diagnoseHeapSeries(
      await captureSeries({ program, tracking: "buffers", captures: 8 }),
    );
    expect(found.map(({ site }) => site)).toEqual([
      {
        function: "renderReceipt",
        file: fileURLToPath(new URL("receipts/leaky.ts", zoo)),
        line: leakingLine("receipts/leaky.ts"),
      },
    ]);
  });

  test("those that garbage was left in say nothing, and that they do not", async () => {
    const run: Run = { program: "receipts/healthy.ts", tracking: "buffers", heap: "as-is" };
    const { findings, notes } = diagnose(await captureSeries(run));
    expect(findings).toEqual([]);
    expect(notes.join("\n")).toContain("heap?gc=1");
  });

  test.each<Run>([
    { program: "receipts/healthy.ts", tracking: "buffers", tasks: "pid" },
    { program: "buffer-pool/healthy.ts", tracking: "buffers", tasks: "pid" },
    { program: "subarray/healthy.ts", tracking: "all", tasks: "pid" },
    { program: "receipts/healthy.ts", tracking: "buffers", tasks: "agent" },
    { program: "subarray/healthy.ts", tracking: "buffers", tasks: "agent" },
    { program: "receipts/healthy.ts", tracking: "buffers", captures: 12 },
    { program: "buffer-pool/healthy.ts", tracking: "buffers", captures: 8 },
    { program: "subarray/healthy.ts", tracking: "all", captures: 8 },
  ])("where they do not stay there is none: %o", async (run) => {
    expect(diagnose(await captureSeries(run)).findings).toEqual([]);
  });
});

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { findGoToolchains } from "../../../e2e/real-parts.ts";
import { capture } from "../src/capture.ts";
import { CaptureFolder } from "../src/capture-folder.ts";
import { probe } from "../src/probe.ts";
import { readCaptures } from "../src/read-captures.ts";
import { buildGoService, startGoService } from "./go-service.ts";
import { serveHttp } from "./local-server.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "watertight-capture-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

const toolchains = findGoToolchains();

describe.skipIf(toolchains.length === 0).each(toolchains)(
  "a capture of a real service on Go $version",
  (toolchain) => {
    let executable = "";
    beforeAll(() => {
      executable = buildGoService(toolchain);
    }, 120_000);

    test("brings every goroutine with id, state and creator, and the service's numbers", async () => {
      const { port } = await startGoService(executable, 300);
      const record = await capture(`:${port}`, [
        "goroutines",
        "leaks",
        "heap",
        "allocs",
        "threads",
        "requests",
      ]);
      const group = record.goroutines?.groups[0];
      expect(record.goroutines?.format).toBe("goroutine-debug2");
      expect(group).toMatchObject({ count: 300, state: "chan receive" });
      expect(group?.ids).toHaveLength(300);
      expect(group?.createdBy?.function).toBe("main.main");
      expect(record.heap?.sampleTypes.map(({ type }) => type)).toContain("inuse_space");
      expect(record.allocs?.defaultSampleType).toBe("alloc_space");
      expect(record.threads).toBeGreaterThan(1);
      expect(record.requestsServed).toBe(12);
      expect(record.problems).toEqual([]);
      expect(record.runtime).toBe("go");
      expect(record.bytes).toBeGreaterThan(1_000);
      if (toolchain.version === "1.27") {
        expect(record.leaked).toMatchObject({ leakProfile: true, total: 300 });
        expect(group?.leaked).toBe(300);
      } else {
        expect(record.leaked).toBeUndefined();
        expect(record.notes.join("\n")).toMatch(/no leak profile/);
      }
    });

    test("shows no secret that it was given", async () => {
      const { port } = await startGoService(executable, 5);
      const record = await capture(
        `http://ann:pa55word@127.0.0.1:${port}?key=s3cr3t`,
        ["goroutines", "requests"],
        {},
        { bearerToken: "t0k3n", headers: { "x-api-key": "k3y" } },
      );
      expect(record.target).toBe(`http://127.0.0.1:${port}`);
      expect(inspect(record, { depth: 9 })).not.toMatch(/pa55word|s3cr3t|t0k3n|k3y/);
    });

    test("asks a probed service for no more than what was named", async () => {
      const service = await startGoService(executable, 10);
      const probed = await probe(`:${service.port}`);
      const before = (await service.asked()).length;
      const record = await capture(probed, ["heap"], {}, { heap: "after-gc" });
      expect((await service.asked()).slice(before)).toEqual(["/debug/pprof/heap?gc=1"]);
      expect(record.goroutines).toBeUndefined();
    });

    test("brings a CPU profile and keeps a trace that Go reads", async () => {
      const { port } = await startGoService(executable, 10);
      const folder = await CaptureFolder.open(makeFolder());
      const options = { cpuSeconds: 1, traceSeconds: 0.2, rawFiles: folder.startMoment(0) };
      const record = await capture(`:${port}`, ["cpu", "trace"], {}, options);
      expect(record.cpu?.sampleTypes.map(({ type }) => type)).toContain("cpu");
      const trace = record.raw["trace.bin"] ?? "";
      expect(readFileSync(trace).subarray(0, 5).toString()).toBe("go 1.");
      expect(statSync(trace).mode & 0o777).toBe(0o600);
    });

    test("is kept on disk and read back as the same goroutines", async () => {
      const { port } = await startGoService(executable, 120);
      const folder = await CaptureFolder.open(makeFolder());
      const moments = [Date.UTC(2026, 10, 23, 10, 0, 0), Date.UTC(2026, 10, 23, 10, 1, 0, 250)];
      const taken = [];
      for (const atMs of moments) {
        const moment = folder.startMoment(atMs);
        const kinds = ["goroutines", "heap", "requests", "threads"] as const;
        const record = await capture(`:${port}`, kinds, {}, { rawFiles: moment });
        await moment.finish(record);
        taken.push(record);
      }
      const read = await readCaptures(folder.path);
      expect(read.map(({ atMs }) => atMs)).toEqual(moments);
      for (const [index, record] of read.entries()) {
        const { goroutines, target, requestsServed, threads, notes } = taken[index] ?? {};
        expect(record).toMatchObject({ target, requestsServed, threads, notes });
        expect(record.goroutines).toEqual(goroutines);
        expect(record.heap?.samples.count).toBe(taken[index]?.heap?.samples.count);
      }
    });
  },
);

const newest = toolchains.at(-1);

describe.skipIf(!newest)("the budget of a service with 300,000 goroutines", () => {
  let executable = "";
  beforeAll(() => {
    if (newest) executable = buildGoService(newest);
  }, 120_000);

  test("is kept: debug=2 and the leak profile are never asked for beyond it", async () => {
    const service = await startGoService(executable, 300_000);
    const record = await capture(`:${service.port}`, ["goroutines", "leaks"]);
    const asked = await service.asked();
    expect(asked).toContain("/debug/pprof/goroutine?debug=0");
    expect(asked.filter((uri) => /debug=2|goroutineleak/.test(uri))).toEqual([]);
    expect(record.goroutines?.format).toBe("pprof");
    expect(record.goroutines?.total).toBeGreaterThanOrEqual(300_000);
    expect(record.goroutines?.groups[0]).toMatchObject({ count: 300_000, state: "chan receive" });
    const notes = record.notes.join("\n");
    expect(notes).toMatch(/debug=2 was not requested: with 300,0\d\d goroutines/);
    expect(notes).toMatch(/--budget-ms \d+ would allow it/);
    expect(record.problems).toEqual([]);
  });

  test("allows debug=2 where it is raised, and follows it where it is lowered", async () => {
    const service = await startGoService(executable, 2_000);
    const lowered = await capture(`:${service.port}`, ["goroutines"], { standstillMs: 0 });
    expect(lowered.goroutines?.format).toBe("pprof");
    const small = await capture(`:${service.port}`, ["goroutines"], { bytesMax: 20_000 });
    expect(small.goroutines?.format).toBe("pprof");
    expect(small.notes.join()).toMatch(/--budget-bytes \d+ would allow it/);
    expect((await service.asked()).filter((uri) => uri.includes("debug=2"))).toEqual([]);
    const raised = await capture(`:${service.port}`, ["goroutines"], { standstillMs: 60_000 });
    expect(raised.goroutines?.format).toBe("goroutine-debug2");
  });
});

/** A service whose text of goroutines goes wrong: the rest of it is answered by a real one. */
describe.skipIf(!newest)("a service that breaks while it is captured", () => {
  let executable = "";
  beforeAll(() => {
    if (newest) executable = buildGoService(newest);
  }, 120_000);

  test("keeps what came before the connection broke, and states the coverage", async () => {
    const { port } = await startGoService(executable, 500);
    const { target } = await serveHttp((request, response) => {
      void forward(port, request.url ?? "").then((body) => {
        const isText = request.url?.includes("debug=2") ?? false;
        if (!isText) {
          if (request.url === "/debug/pprof/") response.setHeader("content-type", "text/html");
          response.end(body);
          return;
        }
        response.writeHead(200, { "content-length": body.length });
        response.write(body.subarray(0, body.length / 2), () => response.destroy());
      });
    });
    const record = await capture(target, ["goroutines"]);
    expect(record.goroutines).toMatchObject({ format: "goroutine-debug2", truncated: true });
    expect(record.goroutines?.covered).toBeGreaterThan(200);
    expect(record.goroutines?.total).toBeGreaterThanOrEqual(500);
    expect(record.problems.map(({ code }) => code)).toEqual(["WT_CAPTURE_CUT"]);
    expect(record.notes.join()).toMatch(/of 5\d\d \(\d+\.\d %\) are in it/);
  });

  test("keeps the grouped stacks when the text is a web page", async () => {
    const { port } = await startGoService(executable, 500);
    const { target } = await serveHttp((request, response) => {
      if (request.url?.includes("debug=2")) {
        response.end("<html>bad gateway</html>");
        return;
      }
      if (request.url === "/debug/pprof/") response.setHeader("content-type", "text/html");
      void forward(port, request.url ?? "").then((body) => response.end(body));
    });
    const record = await capture(target, ["goroutines"]);
    expect(record.goroutines).toMatchObject({ format: "pprof", truncated: false });
    expect(record.problems.map(({ code }) => code)).toEqual(["WT_CAPTURE_PROFILE_INVALID"]);
  });

  test("refuses when nothing at all can be had", async () => {
    const { port } = await startGoService(executable, 5);
    const { target } = await serveHttp((request, response) => {
      if (request.url === "/debug/pprof/") {
        response.setHeader("content-type", "text/html");
        void forward(port, "/debug/pprof/").then((body) => response.end(body));
      } else {
        response.end(Buffer.alloc(1_000, 0xff));
      }
    });
    await expect(capture(target, ["goroutines", "heap"])).rejects.toMatchObject({
      code: "WT_CAPTURE_PROFILE_INVALID",
    });
  });
});

async function forward(port: number, url: string): Promise<Buffer> {
  const response = await fetch(`http://127.0.0.1:${port}${url}`);
  return Buffer.from(await response.arrayBuffer());
}

test("a trace without a place to keep it, and no profile at all, are refused before any request", async () => {
  await expect(capture(":1", ["trace"])).rejects.toMatchObject({
    code: "WT_CAPTURE_OPTION_INVALID",
  });
  await expect(capture(":1", [])).rejects.toMatchObject({ code: "WT_CAPTURE_OPTION_INVALID" });
  await expect(capture(":1", ["heap"], { bytesMax: -1 })).rejects.toMatchObject({
    code: "WT_CAPTURE_OPTION_INVALID",
  });
});

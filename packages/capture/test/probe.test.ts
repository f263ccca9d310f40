import { beforeAll, describe, expect, test } from "vitest";
import { findGoToolchains } from "../../../e2e/real-parts.ts";
import { probe } from "../src/probe.ts";
import { readRequestCounter } from "../src/request-counter.ts";
import { buildGoService, startGoService } from "./go-service.ts";
import { serveHttp } from "./local-server.ts";

describe.skipIf(findGoToolchains().length === 0).each(findGoToolchains())(
  "a real service on Go $version",
  (toolchain) => {
    let executable = "";
    beforeAll(() => {
      executable = buildGoService(toolchain);
    }, 120_000);

    test("is found at the default root, with its profiles and its goroutine count", async () => {
      const { port } = await startGoService(executable, 25);
      const service = await probe(`:${port}`);
      expect(service.root).toBe("/debug/pprof");
      expect(service.goroutines).toBeGreaterThan(25);
      expect(service.goroutines).toBeLessThan(40);
      expect([...(service.profiles?.keys() ?? [])]).toEqual(
        expect.arrayContaining(["allocs", "goroutine", "heap", "threadcreate"]),
      );
      expect(service.profiles?.has("goroutineleak")).toBe(toolchain.version === "1.27");
    });

    test("is found under a prefix, given whole or in part, and under a common one", async () => {
      const { port } = await startGoService(executable, 1, { prefix: "/svc-a/debug/pprof" });
      for (const path of ["/svc-a", "/svc-a/debug/pprof", "/svc-a/debug/pprof/heap?debug=1"]) {
        expect((await probe(`http://127.0.0.1:${port}${path}`)).root).toBe("/svc-a/debug/pprof");
      }
      await expect(probe(`:${port}`)).rejects.toMatchObject({ code: "WT_CAPTURE_NO_PPROF" });
      const common = await startGoService(executable, 1, { prefix: "/internal/debug/pprof" });
      expect((await probe(`:${common.port}`)).root).toBe("/internal/debug/pprof");
    });

    test("is found without an index page", async () => {
      const { port } = await startGoService(executable, 1, { handlers: "bare" });
      const service = await probe(`:${port}`);
      expect(service).toMatchObject({ root: "/debug/pprof", profiles: undefined });
    });

    test("is found by its process id, and says its version", async () => {
      const { pid, port } = await startGoService(executable, 1);
      const service = await probe(String(pid));
      expect(service.display).toBe(`process ${pid} (http://127.0.0.1:${port})`);
      expect(service.runtimeVersion).toMatch(new RegExp(`^go${toolchain.version}(\\.|rc|$)`));
    });

    test("tells its request counter, without Watertight's own requests", async () => {
      const { port } = await startGoService(executable, 1);
      expect(await readRequestCounter(`:${port}`)).toEqual({
        value: 12,
        source: "prometheus",
        name: "http_requests_total",
      });
      const path = "/debug/vars";
      expect(await readRequestCounter(`:${port}`, { path })).toMatchObject({ value: 41 });
      await expect(readRequestCounter(`:${port}`, { metric: "nope" })).rejects.toMatchObject({
        code: "WT_CAPTURE_COUNTER_MISSING",
      });
    });
  },
);

describe("a target that is no pprof service", () => {
  test("a page for every path is said to be a web page", async () => {
    const { target } = await serveHttp((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end("<html><title>Sign in</title>");
    });
    await expect(probe(target)).rejects.toMatchObject({ code: "WT_CAPTURE_HTML" });
  });

  test("a service without pprof is told how to mount it, after a bounded number of requests", async () => {
    const { target, requests } = await serveHttp((_, response) => {
      response.writeHead(404);
      response.end("404 page not found");
    });
    await expect(probe(target)).rejects.toMatchObject({ code: "WT_CAPTURE_NO_PPROF" });
    expect(requests.length).toBeLessThanOrEqual(10);
  });

  test("a service that wants credentials is not asked any further", async () => {
    const { target, requests } = await serveHttp((_, response) => {
      response.writeHead(401);
      response.end();
    });
    await expect(probe(target)).rejects.toMatchObject({ code: "WT_CAPTURE_UNAUTHORIZED" });
    expect(requests).toEqual(["/debug/pprof/"]);
  });

  test("a broken index is asked for again, with a jittered pause, and not forever", async () => {
    const pauses: number[] = [];
    const clock = {
      now: (): number => 0,
      random: (): number => 0.25,
      sleep: (ms: number): Promise<void> => {
        pauses.push(ms);
        return Promise.resolve();
      },
    };
    const { target, requests } = await serveHttp((_, response) => {
      response.writeHead(503);
      response.end();
    });
    const asked = probe(target, { clock });
    await expect(asked).rejects.toMatchObject({ code: "WT_CAPTURE_STATUS" });
    expect(requests).toHaveLength(3);
    expect(pauses).toEqual([150, 300]);
  });

  test("a process that does not exist or listens nowhere is said to", async () => {
    await expect(probe("4194303")).rejects.toMatchObject({ code: "WT_CAPTURE_PID_MISSING" });
    await expect(probe(String(process.ppid))).rejects.toMatchObject({
      code: expect.stringMatching(/WT_CAPTURE_PID_/),
    });
  });

  test("labels without end stop at the bound of a metrics page", async () => {
    const { target } = await serveHttp((request, response) => {
      if (request.url !== "/metrics") {
        response.writeHead(404);
        response.end();
        return;
      }
      response.write("http_requests_total{");
      const label = Buffer.from(`l="${"x".repeat(60_000)}",`);
      const write = (): void => {
        while (!response.destroyed && response.write(label));
      };
      response.on("drain", write);
      write();
    });
    const before = process.memoryUsage().rss;
    await expect(readRequestCounter(target)).rejects.toMatchObject({
      code: "WT_CAPTURE_TOO_LARGE",
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });
});

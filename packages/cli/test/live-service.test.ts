import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readCaptures } from "@watertight/capture";
import { parseReports } from "@watertight/finding";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findGo } from "../../../e2e/real-parts.ts";
import { startService, type RunningService } from "../../../zoo/process.ts";
import { runWatertight, scratchFolder } from "./run-watertight.ts";

const source = fileURLToPath(new URL("fixtures/quotes", import.meta.url));

/** Asks for quotes, one after the other, until it is told to stop. */
function askForQuotes(url: string): () => Promise<void> {
  const stop = new AbortController();
  const asking = (async () => {
    while (!stop.signal.aborted) {
      const response = await fetch(`${url}/quote`);
      await response.text();
    }
  })();
  return async () => {
    stop.abort();
    await asking;
  };
}

describe.skipIf(findGo() === undefined)("a live Go service", () => {
  const folder = scratchFolder();
  let leaky: RunningService;
  let healthy: RunningService;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const binary = `${folder}/quotes`;
    execFileSync(findGo()!.go, ["build", "-o", binary, "."], {
      cwd: source,
      env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-buildvcs=false" },
    });
    leaky = await startService({ binary, args: ["leaky"] });
    healthy = await startService({ binary, args: ["healthy"] });
    stops.push(askForQuotes(leaky.url), askForQuotes(healthy.url));
  }, 120_000);

  afterAll(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await Promise.all([leaky?.stop(), healthy?.stop()]);
    folder[Symbol.dispose]();
  });

  test("inspect names the leak, its line, its rate per request", async () => {
    const { code, stdout, stderr } = await runWatertight(
      ["inspect", leaky.url, "--interval", "300ms", "--json"],
      { cwd: source },
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const [finding] = parseReports(stdout)[0]!.findings;
    expect(finding).toMatchObject({
      cause: "channel-send",
      creator: { function: "main.quote", line: 40 },
    });
    expect(finding?.growth?.perRequest).toBeGreaterThan(0.8);
    expect(finding?.growth?.perRequest).toBeLessThan(1.2);
  });

  test("a process id is a target", async () => {
    const { stdout } = await runWatertight([
      "inspect",
      String(leaky.pid),
      "--captures",
      "1",
      "--json",
    ]);
    expect(parseReports(stdout)[0]?.target).toContain(leaky.url);
  });

  test("the healthy twin is clean under the same load", async () => {
    const { code, stdout } = await runWatertight(["inspect", healthy.url, "--interval", "300ms"]);
    expect(stdout).toContain("No leak found");
    expect(code).toBe(0);
  });

  test("watch finds the leak, keeps its captures in bounds, and ends well on SIGTERM", async () => {
    const kept = `${folder}/captures`;
    let output = "";
    const { code, stdout, stderr } = await runWatertight(
      [
        "watch",
        leaky.url,
        "--interval",
        "50ms",
        "--threshold",
        "20",
        "--capture-interval",
        "300ms",
      ].concat("--folder", kept, "--folder-files", "8", "--json"),
      {
        during: (child) => {
          child.stdout?.on("data", (text: string) => {
            output += text;
            if (!child.killed && output.includes('"kind":"finding"')) child.kill("SIGTERM");
          });
        },
      },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const kinds = events.map(({ kind }) => kind);
    expect(kinds[0]).toBe("watching");
    expect(kinds).toContain("high-water");
    expect(kinds.at(-1)).toBe("stopped");
    expect(events.find(({ kind }) => kind === "finding").finding.cause).toBe("channel-send");
    expect(readdirSync(kept).length).toBeLessThanOrEqual(8);
    expect((await readCaptures(kept)).length).toBeGreaterThan(0);
  });

  test("watch ends by itself after --for", async () => {
    const { code, stdout } = await runWatertight([
      "watch",
      healthy.url,
      "--interval",
      "100ms",
      "--for",
      "500ms",
      "--folder",
      `${folder}/none`,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}watching {4}http:/);
    expect(stdout).toMatch(/stopped {5}no leak is open\n$/);
  });

  test("flame draws the running service", async () => {
    const { stdout } = await runWatertight(["flame", leaky.url, "--format", "folded"]);
    expect(stdout).toMatch(/^main\.fetchPrice \d+$/m);
  });

  test("what does not answer is unreachable", async () => {
    const { code, stdout, stderr } = await runWatertight(["inspect", "127.0.0.1:9"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("WT_CAPTURE_REFUSED");
    expect((await runWatertight(["watch", "127.0.0.1:9"])).code).toBe(3);
  });

  test("a secret given by environment reaches no output", async () => {
    const { stdout, stderr } = await runWatertight(
      [
        "inspect",
        leaky.url,
        "--captures",
        "1",
        "--token-env",
        "PPROF_TOKEN",
        "--html",
        `${folder}/a.html`,
      ],
      { env: { PPROF_TOKEN: "s3cr3t-token" } },
    );
    expect(stdout + stderr + readFileSync(`${folder}/a.html`, "utf8")).not.toContain("s3cr3t");
  });
});

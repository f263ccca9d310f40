import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { agentFile, readAgentAddress } from "@watertight/capture";
import { describe, expect, test } from "vitest";
import { findNode } from "../../../e2e/real-parts.ts";
import { runWatertight, scratchFolder } from "./run-watertight.ts";

const node = findNode("24");

const SERVICE = `
  const held = (globalThis.held = []);
  async function reserve() {
    await new Promise((resolve) => held.push(resolve));
  }
  for (let i = 0; i < 3; i++) reserve();
  process.on("SIGTERM", () => process.exit(7));
  require("node:http").createServer((q, s) => s.end("ok")).listen(0, "127.0.0.1", () => console.log(process.pid));
`;

interface Report {
  readonly runtime: string;
  readonly runtimeVersion: string;
  readonly captures: readonly { readonly profile: string; readonly total: number }[];
}

describe.skipIf(node === undefined)("a process of Node", () => {
  test("that was started with nothing is inspected by its id, and goes on", async () => {
    using folder = scratchFolder();
    const file = join(folder.toString(), "service.cjs");
    writeFileSync(file, SERVICE);
    const child = spawn(node as string, ["--inspect-port=0", file], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [pid] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const args = ["inspect", pid, "--captures", "2", "--interval", "10ms", "--json"];
    const { stdout, code, stderr } = await runWatertight(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { runtime, runtimeVersion, captures } = JSON.parse(stdout) as Report;
    expect({ runtime, runtimeVersion }).toMatchObject({ runtime: "node" });
    expect(captures.map(({ profile, total }) => [profile, total])).toEqual([
      ["goroutine", 3],
      ["goroutine", 3],
    ]);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([7, null]);
  });

  test("that would stand still for too long is left alone, and what would allow it is said", async () => {
    using folder = scratchFolder();
    const file = join(folder.toString(), "service.cjs");
    writeFileSync(file, SERVICE);
    const child = spawn(node as string, ["--inspect-port=0", file], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [pid] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const { stderr, code } = await runWatertight(["inspect", pid, "--budget-ms", "1"]);
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /about \d+ ms of standstill for \d+ MB of heap in use, the budget allows 1 ms \(--budget-ms \d+ would allow it\)/,
    );
    expect(stderr).toContain("WT_CAPTURE_TASKS_TOO_COSTLY");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([7, null]);
  });

  test("run gives it an agent, which inspect finds; signals and the exit code pass through", async () => {
    using folder = scratchFolder();
    const file = join(folder.toString(), "service.cjs");
    writeFileSync(file, SERVICE);
    let inspected: Promise<Report> | undefined;
    const run = await runWatertight(["run", "--", node as string, file], {
      during: (child) => {
        const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
        lines.once("line", (pid: string) => {
          inspected = inspect(pid).finally(() => child.kill("SIGTERM"));
        });
      },
    });
    expect(run).toMatchObject({ code: 7, stderr: "" });
    const { runtime, captures } = await (inspected as Promise<Report>);
    expect(runtime).toBe("node");
    expect(captures).toContainEqual(expect.objectContaining({ profile: "goroutine", total: 3 }));
  });

  async function inspect(pid: string): Promise<Report> {
    expect(await readAgentAddress(Number(pid)), agentFile(Number(pid))).toBeDefined();
    const { stdout } = await runWatertight(["inspect", pid, "--captures", "1", "--json"]);
    return JSON.parse(stdout) as Report;
  }

  test("run passes on a program's own exit code, and says what cannot be started", async () => {
    const ended = await runWatertight(["run", "--", node as string, "-e", "process.exit(42)"]);
    expect(ended).toEqual({ code: 42, stdout: "", stderr: "" });
    const missing = await runWatertight(["run", "--", "/no/such/program"]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain("/no/such/program cannot be started");
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentFile, agentFolder, readAgentAddress, readStartTime } from "@watertight/capture";
import { agentFetch, AgentError } from "@watertight/agent";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { publishAddress } from "../src/agent-file.ts";
import { readEnvironment, settleOptions } from "../src/agent-options.ts";
import { templatePath } from "../src/requests/path-template.ts";
import { tellAborted } from "../src/requests/tell-aborted.ts";
import { vanishedDump } from "../src/requests/vanished-dump.ts";

describe("options", () => {
  test("by default the agent is on loopback, with a long token of its own", () => {
    const { host, token, requests } = settleOptions({});
    expect({ host, requests }).toEqual({ host: "127.0.0.1", requests: "auto" });
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(settleOptions({}).token).not.toBe(token);
  });

  test.each([
    { port: -1 },
    { port: 1.5 },
    { port: Number.NaN },
    { prefix: "debug" },
    { prefix: "/a b" },
    { token: "short" },
    { host: "0.0.0.0" },
    { host: "::" },
    { host: "10.0.0.1", token: "short" },
    { taskCopy: "always" as "auto" },
    { taskBudget: { standstillMs: Number.NaN } },
    { taskBudget: { heapBytesMax: -1 } },
  ])("%o is refused", (options) => {
    expect(() => settleOptions(options)).toThrow(AgentError);
  });

  test("an address that others reach is fine with a token", () => {
    expect(settleOptions({ host: "0.0.0.0", token: "x".repeat(16) }).host).toBe("0.0.0.0");
  });

  test("a mounted agent wants a token", () => {
    expect(() => agentFetch({} as { token: string })).toThrow(AgentError);
  });

  test("the environment sets every option", () => {
    const env = {
      WATERTIGHT_HOST: "::1",
      WATERTIGHT_PORT: "6060",
      WATERTIGHT_PREFIX: "/p",
      WATERTIGHT_TOKEN: "t".repeat(16),
      WATERTIGHT_REQUESTS: "on",
      WATERTIGHT_EXTERNAL_MEMORY: "all",
      WATERTIGHT_CPU_PROFILE: "ready",
      WATERTIGHT_TASK_COPY: "off",
    };
    expect(settleOptions(readEnvironment(env))).toMatchObject({
      host: "::1",
      port: 6060,
      prefix: "/p",
      requests: "on",
      externalMemory: "all",
      cpuProfile: "ready",
      taskCopy: "off",
    });
  });
});

describe("the agent's file", () => {
  const address = { url: "http://127.0.0.1:4000/debug/pprof", token: "secret-of-a-process" };
  let temporary: string;

  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), "watertight-file-"));
    vi.stubEnv("TMPDIR", temporary);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  });

  test("is read back by whoever may, until it is withdrawn", async () => {
    const withdraw = publishAddress(address);
    const startedAt = await readStartTime(process.pid);
    expect(await readAgentAddress(process.pid)).toEqual({ ...address, startedAt });
    withdraw();
    expect(await readAgentAddress(process.pid)).toBeUndefined();
  });

  test("is not written into a folder that others can write to, or a link", () => {
    mkdirSync(agentFolder(), { mode: 0o777 });
    rmSync(agentFolder(), { recursive: true });
    const elsewhere = join(temporary, "elsewhere");
    mkdirSync(elsewhere, { mode: 0o700 });
    symlinkSync(elsewhere, agentFolder());
    expect(() => publishAddress(address)).toThrow("somebody else");
  });

  test.skipIf(process.getuid?.() === undefined)(
    "is not believed when others could read it",
    async () => {
      publishAddress(address);
      rmSync(agentFile(process.pid));
      writeFileSync(agentFile(process.pid), JSON.stringify(address), { mode: 0o644 });
      expect(await readAgentAddress(process.pid)).toBeUndefined();
    },
  );

  test("is not followed through a link, nor to another machine, nor to an earlier process", async () => {
    const withdraw = publishAddress(address);
    withdraw();
    const write = (content: object): void =>
      writeFileSync(agentFile(process.pid), JSON.stringify(content), { mode: 0o600 });
    const other = join(temporary, "other.json");
    writeFileSync(other, JSON.stringify(address), { mode: 0o600 });
    symlinkSync(other, agentFile(process.pid));
    expect(await readAgentAddress(process.pid)).toBeUndefined();
    rmSync(agentFile(process.pid));
    write({ ...address, url: "http://169.254.169.254/debug/pprof" });
    expect(await readAgentAddress(process.pid)).toBeUndefined();
    write({ ...address, startedAt: "1" });
    expect(await readAgentAddress(process.pid)).toBeUndefined();
  });

  test("of a process that is gone is swept away by the next", async () => {
    const withdraw = publishAddress(address);
    const stale = join(agentFolder(), "4194304.json");
    writeFileSync(stale, "{}", { mode: 0o600 });
    publishAddress(address);
    expect(await readAgentAddress(4_194_304)).toBeUndefined();
    withdraw();
  });
});

describe("requests", () => {
  test.each([
    ["/", "/"],
    ["/orders/42?token=x", "/orders/:id"],
    ["/v2/users/7f6b1c3e-9a0d-4b62-8f5e-0c1d2e3f4a5b/cart", "/v2/users/:id/cart"],
    ["/files/q3-report.pdf", "/files/q3-report.pdf"],
    ["/k/sk_live_51HxYzAbCdEfGhIj", "/k/:id"],
  ])("the path of %s is %s", (url, path) => {
    expect(templatePath(url)).toBe(path);
  });

  test("work that outlives its client says for how long", () => {
    const { groups } = vanishedDump([{ method: "GET", path: "/a", startedMs: 0 }], 0);
    const [group] = groups;
    const dump = vanishedDump([], 0);
    const labelled = {
      ...dump,
      groups: [{ ...group!, labels: { abortedAt: "5000", path: "/a" } }],
    };
    expect(tellAborted(labelled, 17_900).groups[0]?.labels).toEqual({
      abortedSeconds: "12",
      path: "/a",
    });
  });

  test("vanished requests are grouped by method and path, with their age", () => {
    const requests = [60_000, 0, 120_000].map((startedMs, i) => ({
      method: "GET",
      path: i === 1 ? "/b" : "/a",
      startedMs,
    }));
    const { groups, total } = vanishedDump(requests, 180_000);
    expect(total).toBe(3);
    expect(groups.map(({ count, labels, age }) => ({ count, path: labels["path"], age }))).toEqual([
      { count: 2, path: "/a", age: { minMinutes: 1, maxMinutes: 2, stamped: 2 } },
      { count: 1, path: "/b", age: { minMinutes: 3, maxMinutes: 3, stamped: 1 } },
    ]);
  });
});

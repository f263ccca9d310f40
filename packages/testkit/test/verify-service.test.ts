import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findGo, findNode } from "../../../e2e/real-parts.ts";
import { buildZoo } from "../../../zoo/build.ts";
import { startService, type RunningService } from "../../../zoo/process.ts";
import { LeakError, verifyService } from "../src/index.ts";

const program = join(import.meta.dirname, "fixtures/service/service.ts");
const register = join(import.meta.dirname, "../../agent/src/register.ts");
const requests = 8;

async function sendTo(url: string): Promise<void> {
  for (let sent = 0; sent < requests; sent += 1) {
    await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.text(),
      () => "",
    );
  }
}

async function failureOf(check: Promise<void>): Promise<LeakError | undefined> {
  try {
    await check;
    return undefined;
  } catch (error) {
    if (error instanceof LeakError) return error;
    throw error;
  }
}

function startNode(node: string): Promise<RunningService> {
  return startService({
    binary: node,
    args: [
      "--conditions=watertight-source",
      "--disable-warning=ExperimentalWarning",
      `--import=${register}`,
      program,
    ],
  });
}

const node = findNode("24");

describe.skipIf(node === undefined)("verifyService on Node", () => {
  test("passes what comes to rest and names what a load leaves suspended", async () => {
    await using service = await startNode(node ?? "");
    const target = String(service.pid);
    const options = { settleMs: 1_000, warmUp: "none" } as const;
    await verifyService(target, () => sendTo(service.url), options);
    const leak = (): Promise<void> => sendTo(`${service.url}/leak`);
    const failure = await failureOf(verifyService(target, leak, options));
    const lines = readFileSync(program, "utf8").split("\n");
    expect(failure?.findings).toHaveLength(1);
    expect(failure?.findings[0]).toMatchObject({
      runtime: "node",
      count: requests,
      site: { file: program, line: lines.findIndex((line) => line.endsWith("LEAK stock")) + 1 },
    });
  }, 120_000);
});

const go = findGo();

describe.skipIf(go === undefined)("verifyService on Go", () => {
  const start = async (twin: "leaky" | "healthy"): Promise<RunningService> => {
    const { path } = await buildZoo(go as NonNullable<typeof go>);
    return await startService({ binary: path, args: ["channel-send/early-return", twin] });
  };

  test("fails with the goroutines that a load leaves", async () => {
    await using service = await start("leaky");
    const load = () => sendTo(`${service.url}/`);
    const failure = await failureOf(verifyService(service.url, load, { settleMs: 1_000 }));
    expect(failure?.findings[0]).toMatchObject({ runtime: "go", cause: "channel-send" });
    expect(failure?.message).toContain("docs/causes/channel-send.md");
  });

  test("passes a service that comes to rest", async () => {
    await using service = await start("healthy");
    const load = () => sendTo(`${service.url}/`);
    expect(await failureOf(verifyService(service.url, load))).toBeUndefined();
  });
});

/**
 * `npm start`: a real service that leaks, under load, and what Watertight says of it. Without
 * a Go toolchain a recorded series of the same service is read instead.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../e2e/house/source-tree.ts";
import { findGo, type GoToolchain } from "../e2e/real-parts.ts";
import { buildZoo } from "../zoo/build.ts";
import { driveLoad } from "../zoo/load.ts";
import { startService } from "../zoo/process.ts";

const REQUESTS_PER_SECOND = 150;

function say(text: string): void {
  console.log(`\n▸ ${text}`);
}

function inspect(args: readonly string[]): Promise<number> {
  const command = join(projectRoot, "packages/cli/bin/watertight.js");
  say(`npx watertight inspect ${args.join(" ")}\n`);
  const child = spawn(process.execPath, [command, "inspect", ...args], { stdio: "inherit" });
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

async function inspectLive(go: GoToolchain): Promise<number> {
  say(`building a small API service that leaks (zoo/go/orders-api, Go ${go.version})`);
  const binary = await buildZoo(go, "orders-api");
  await using service = await startService({ binary: binary.path, args: [] });
  say(`it serves ${service.url}; ${REQUESTS_PER_SECOND} requests a second reach it`);
  const load = driveLoad({ url: `${service.url}/`, ratePerSecond: REQUESTS_PER_SECOND });
  try {
    return await inspect([service.url, "--captures", "4", "--interval", "3s"]);
  } finally {
    await load.stop();
    load.close();
  }
}

function inspectRecorded(): Promise<number> {
  say("there is no Go toolchain here, so this is a recorded series of the same service");
  return inspect([join("zoo", "recorded", "orders-api")]);
}

/** The same for Node, with the agent in it. By its id the command finds the agent, or looks in from outside. */
async function inspectNode(): Promise<number> {
  const program = join("zoo", "node-service", "checkout.ts");
  const agent = join(projectRoot, "packages/agent/src/register.ts");
  say(`a small Node service that leaks, with the agent: npx watertight run -- node ${program}`);
  await using service = await startService({
    binary: process.execPath,
    args: ["--conditions=watertight-source", "--import", agent, program],
  });
  say(`it serves ${service.url}, as process ${service.pid}; this works without the agent, too`);
  const load = driveLoad({
    url: `${service.url}/`,
    ratePerSecond: REQUESTS_PER_SECOND / 5,
    abandonAfterMs: 1000,
  });
  try {
    return await inspect([String(service.pid), "--captures", "4", "--interval", "2s"]);
  } finally {
    await load.stop();
    load.close();
  }
}

const go = findGo();
const codes = [await (go ? inspectLive(go) : inspectRecorded()), await inspectNode()];
// 1 is what they should say: the services leak. Anything else is a failure of the demonstration.
if (codes.some((code) => code !== 1)) process.exitCode = 1;
else say("now yours: npx watertight inspect http://HOST:PORT   (or a pid, a file, a folder)");

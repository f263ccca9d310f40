#!/usr/bin/env node
// Published, this runs the compiled command. In a checkout it runs the sources, on the
// Node 24 that `npm ci` brought, so that there is nothing to build first.
import { existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../src/main.ts", import.meta.url));

if (!existsSync(source)) {
  await import("../dist/main.js");
} else {
  const pinned = fileURLToPath(new URL("../../../node_modules/node/bin/node", import.meta.url));
  const args = ["--conditions=watertight-source", source, ...process.argv.slice(2)];
  const run = spawnSync(existsSync(pinned) ? pinned : process.execPath, args, { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
}

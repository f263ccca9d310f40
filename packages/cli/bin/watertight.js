#!/usr/bin/env node
// Published, this runs the compiled command. In a checkout it runs the sources, on the
// Node 24 that `npm ci` brought, so that there is nothing to build first.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../src/main.ts", import.meta.url));

if (existsSync(source)) {
  runSource();
} else {
  module.enableCompileCache?.();
  await import("../dist/main.js");
}

function runSource() {
  const pinned = fileURLToPath(new URL("../../../node_modules/node/bin/node", import.meta.url));
  const args = ["--conditions=watertight-source", source, ...process.argv.slice(2)];
  // Stripping types takes 40 MB and 0.1 s; the cache is keyed by content, so it is never stale.
  const cache = fileURLToPath(new URL("../../../node_modules/.cache/watertight", import.meta.url));
  const run = spawn(existsSync(pinned) ? pinned : process.execPath, args, {
    stdio: "inherit",
    env: { NODE_COMPILE_CACHE: cache, ...process.env },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both processes; only a signal to this one alone is passed on.
      if (signal !== "SIGINT" || !process.stdin.isTTY) run.kill(signal);
    });
  }
  run.on("exit", (status, signal) => {
    process.exitCode = status ?? 128 + constants.signals[signal];
  });
}

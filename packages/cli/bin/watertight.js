#!/usr/bin/env node
// Published, this runs the compiled command. In a checkout it runs the sources, so that there
// is nothing to build first: in this process when it is the Node that `npm ci` brought or
// later, else in a process of that Node.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const SOURCE_CONDITION = "watertight-source";
const source = new URL("../src/main.ts", import.meta.url);

if (!existsSync(source)) {
  module.enableCompileCache?.();
  await import("../dist/main.js");
} else if (Number.parseInt(process.versions.node, 10) >= 24) {
  await importSource();
} else {
  spawnSource();
}

async function importSource() {
  // Stripping types takes 40 MB and 0.1 s; the cache is keyed by content, so it is never stale.
  module.enableCompileCache(cacheFolder());
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, SOURCE_CONDITION] }),
  });
  await import(source.href);
}

function spawnSource() {
  const pinned = fileURLToPath(new URL("../../../node_modules/node/bin/node", import.meta.url));
  const args = [`--conditions=${SOURCE_CONDITION}`, fileURLToPath(source)];
  const run = spawn(
    existsSync(pinned) ? pinned : process.execPath,
    [...args, ...process.argv.slice(2)],
    {
      stdio: "inherit",
      env: { NODE_COMPILE_CACHE: cacheFolder(), ...process.env },
    },
  );
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

function cacheFolder() {
  return fileURLToPath(new URL("../../../node_modules/.cache/watertight", import.meta.url));
}

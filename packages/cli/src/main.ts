/** The process: the only reader of argv, and the only one that ends it. */
import { setFlagsFromString } from "node:v8";
import { CommanderError } from "commander";
import { EXIT_CODES, type ExitCode } from "./exit-code.ts";
import { formatError, presentError } from "./present-error.ts";
import { createProgram } from "./program.ts";
import { readVersion } from "./version.ts";

// A dump of a million goroutines is garbage as soon as it is grouped. With a nursery that does
// not grow, the peak is 200 MB instead of 360, in the same time.
setFlagsFromString("--semi-space-growth-factor=1");

const stop = new AbortController();

/** The first signal asks to finish, the second ends at once. */
function listenForSignals(): void {
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(128 + number);
      stop.abort(new Error(`stopped by ${signal}`));
    });
  }
}

/** `watertight inspect … | head` ends without a word, as every command of a pipe does. */
function endQuietlyWithoutReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") report(error);
    process.exit(error.code === "EPIPE" ? process.exitCode : EXIT_CODES.usage);
  });
  process.stderr.on("error", () => undefined);
}

function report(error: unknown): ExitCode {
  const presented = presentError(error);
  process.stderr.write(formatError(presented));
  if (presented.code === "WT_CLI_INTERNAL" && process.env["WATERTIGHT_DEBUG"] === "1") {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
  return presented.exitCode;
}

async function main(): Promise<void> {
  listenForSignals();
  endQuietlyWithoutReader();
  const program = createProgram({
    surroundings: {
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      env: process.env,
      cwd: process.cwd(),
      stop: stop.signal,
    },
    version: readVersion(),
    finish: (exitCode) => {
      process.exitCode = exitCode;
    },
  });
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError)
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODES.usage;
    else process.exitCode = report(error);
  }
}

await main();

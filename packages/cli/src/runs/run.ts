/** `watertight run`: a child with the agent preloaded, and nothing of it changed. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { CommandContext } from "../commands/command-context.ts";
import type { RunOptions } from "../commands/run.ts";
import { CliError } from "../errors.ts";
import { describeSystemError } from "../terminal/write-output.ts";

const PASSED_ON: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const SOURCE_CONDITION = "watertight-source";

/** Runs a program to its end and gives its exit code; 128 and the signal's number if one ended it. */
export async function runProgram(
  command: readonly string[],
  options: RunOptions,
  context: CommandContext,
): Promise<number> {
  const { env, stdin } = context.surroundings;
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    stdio: "inherit",
    env: {
      ...env,
      NODE_OPTIONS: [env["NODE_OPTIONS"], ...preload()].filter(Boolean).join(" "),
      ...(options.port === undefined ? {} : { WATERTIGHT_PORT: String(options.port) }),
      ...(options.requests === undefined ? {} : { WATERTIGHT_REQUESTS: options.requests }),
    },
  });
  const stops = PASSED_ON.map((signal) => {
    const pass = (): void => {
      // A terminal sends Ctrl-C to both processes; only a signal to this one alone is passed on.
      const cameFromTerminal = signal === "SIGINT" && "isTTY" in stdin && stdin.isTTY === true;
      if (!cameFromTerminal) child.kill(signal);
    };
    // In front of the command's own handling, which would end this process before its child.
    process.removeAllListeners(signal);
    process.on(signal, pass);
    return () => process.off(signal, pass);
  });
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", (error) =>
        reject(
          new CliError(
            "WT_CLI_USAGE",
            `${program} cannot be started: ${describeSystemError(error)}`,
          ),
        ),
      );
      child.once("exit", (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } finally {
    for (const stop of stops) stop();
  }
}

/** Node's options that load the agent first; from sources in a checkout. */
function preload(): readonly string[] {
  const agent = import.meta.resolve("@watertight/agent/register");
  const imported = `--import=${agent.replaceAll(" ", "%20")}`;
  return agent.endsWith(".ts") ? [`--conditions=${SOURCE_CONDITION}`, imported] : [imported];
}

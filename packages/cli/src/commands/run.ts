/** `watertight run`: its options and help. */
import { Argument, Command, Option } from "commander";
import { parseCount } from "../arguments/parse-option.ts";
import type { CommandContext } from "./command-context.ts";

/** As commander gives them. */
export interface RunOptions {
  readonly port?: number;
  readonly requests?: string;
}

const DESCRIPTION = `Starts a program of Node with the agent in it. The agent serves Go's profile
endpoints on loopback, with a token that only this user can read; the program
runs as it would without, and its exit code is the command's.`;

const EPILOGUE = `
Examples:
  watertight run -- node app.js
  watertight run -- npm start
  watertight inspect $(pgrep -f app.js)    what leaks in it`;

/** Defines the command. */
export function defineRun(context: CommandContext): Command {
  return new Command("run")
    .summary("start a Node program with the agent in it")
    .description(DESCRIPTION)
    .addArgument(new Argument("<command...>", "the program and its arguments, after --"))
    .addOption(
      new Option("--port <port>", "the agent's port (default: any that is free)").argParser(
        parseCount(0, 65_535),
      ),
    )
    .addOption(
      new Option("--requests <when>", "what is kept of each request").choices([
        "off",
        "auto",
        "on",
      ]),
    )
    .passThroughOptions()
    .addHelpText("after", EPILOGUE)
    .action(async (command: string[], options: RunOptions) => {
      const { runProgram } = await import("../runs/run.ts");
      context.finish(await runProgram(command, options, context));
    });
}

/** The command line: every command, its options and its help. What a command does is imported when it runs. */
import { Command } from "commander";
import type { CommandContext } from "./commands/command-context.ts";
import { defineCompletion } from "./commands/completion.ts";
import { defineConvert } from "./commands/convert.ts";
import { defineFlame } from "./commands/flame.ts";
import { defineInspect } from "./commands/inspect.ts";
import { defineRun } from "./commands/run.ts";
import { defineVerify } from "./commands/verify.ts";
import { defineWatch } from "./commands/watch.ts";
import { CliError } from "./errors.ts";
import { EXIT_CODES_HELP } from "./exit-code.ts";
import { formatError, presentError } from "./present-error.ts";

const DESCRIPTION = `Finds, explains and stops leaks in API services.

Points at a running Go service, a saved capture or a folder of them, and says
what leaks, how fast, where it is stuck, which line started it, why that is
certain, and how to fix it. The service needs net/http/pprof and nothing else.`;

const EPILOGUE = `
Examples:
  watertight inspect http://127.0.0.1:6060     what leaks in a running service
  watertight inspect goroutines.txt            what leaks in a saved dump
  watertight inspect :6060 --json > before.json
  watertight verify --before before.json :6060 whether a fix helped
  watertight watch :6060                       keep looking
  watertight run -- node app.js                Node, with the agent in it
  watertight flame :6060 -o goroutines.html    every goroutine, drawn

${EXIT_CODES_HELP}

Environment:
  NO_COLOR, FORCE_COLOR  colours never, always
  COLUMNS                width of the report where the output is no terminal
  WATERTIGHT_DEBUG=1     adds the stack trace to an internal error`;

/** The whole program. Every action ends by calling the context's `finish`. */
export function createProgram(context: CommandContext): Command {
  const program = new Command("watertight")
    .description(DESCRIPTION)
    .version(context.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .usage("<command> [options]")
    .addHelpText("after", EPILOGUE)
    .configureOutput({ outputError: (text, write) => write(formatUsageError(text)) })
    .enablePositionalOptions()
    .exitOverride();
  const defined = [
    defineInspect,
    defineWatch,
    defineVerify,
    defineFlame,
    defineConvert,
    defineRun,
    defineCompletion,
  ];
  for (const define of defined) {
    const command = define(context).copyInheritedSettings(program);
    program.addCommand(command.helpOption("-h, --help", "print this help"));
  }
  return program;
}

/** Commander's `error: unknown option '--jsno'\n(Did you mean --json?)` as one of our own errors. */
function formatUsageError(text: string): string {
  const [what = "", hint = ""] = text
    .replace(/^error: /, "")
    .trim()
    .split("\n");
  const sentence = what.charAt(0).toUpperCase() + what.slice(1).replace(/\.$/, "");
  const guess = hint === "" ? "" : `. ${hint.replace(/^\(|\)$/g, "")}`;
  return formatError(presentError(new CliError("WT_CLI_USAGE", `${sentence}${guess}`)));
}

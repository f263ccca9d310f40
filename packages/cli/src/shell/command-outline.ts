/** What a completion script needs to know of the command line, read off the commands themselves. */
import type { Command, Option } from "commander";

/** One option as a shell sees it. */
export interface OptionOutline {
  /** e.g. `["-q", "--quiet"]`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The only values that it takes, when it has a list of them. */
  readonly choices: readonly string[];
}

/** One command as a shell sees it. */
export interface CommandOutline {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionOutline[];
  /** The only values of its first argument; empty when it takes files and the like. */
  readonly choices: readonly string[];
}

/** The subcommands of a program, with the options that each one has. */
export function outlineProgram(program: Command): CommandOutline[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => outlineCommand(program, command));
}

function outlineCommand(program: Command, command: Command): CommandOutline {
  const isHelp = command.name() === "help";
  const names = program.commands.map((each) => each.name());
  return {
    name: command.name(),
    summary: command.summary() || command.description(),
    options: command.createHelp().visibleOptions(command).map(outlineOption),
    choices: isHelp ? names : (command.registeredArguments[0]?.argChoices ?? []),
  };
}

function outlineOption(option: Option): OptionOutline {
  return {
    flags: option.flags.split(/[ ,|]+/).filter((flag) => flag.startsWith("-")),
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  };
}

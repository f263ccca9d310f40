/** The completion script for fish. */
import type { CommandOutline, OptionOutline } from "./command-outline.ts";

/** Completes commands with their summaries, options with their descriptions, and file names. */
export function renderFishCompletion(commands: readonly CommandOutline[]): string {
  const lines = [
    "# fish completion for watertight",
    ...commands.map(
      ({ name, summary }) =>
        `complete -c watertight -f -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ),
    "complete -c watertight -n __fish_use_subcommand -l help -d 'print help'",
    "complete -c watertight -n __fish_use_subcommand -l version -d 'print the version'",
    ...commands.flatMap(commandLines),
  ];
  return `${lines.join("\n")}\n`;
}

function commandLines(command: CommandOutline): string[] {
  const start = `complete -c watertight -n '__fish_seen_subcommand_from ${command.name}'`;
  const choices =
    command.choices.length === 0 ? [] : [`${start} -f -a ${quote(command.choices.join(" "))}`];
  return [...choices, ...command.options.map((option) => `${start} ${optionPart(option)}`)];
}

function optionPart(option: OptionOutline): string {
  const flags = option.flags.map((flag) =>
    flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  );
  const values = option.choices.length === 0 ? "-r" : `-x -a ${quote(option.choices.join(" "))}`;
  const parts = [...flags, `-d ${quote(option.description)}`];
  return [...parts, ...(option.takesValue ? [values] : [])].join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

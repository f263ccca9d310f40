/** What every command's definition is given, and the options that all of them share. */
import { Option, type Command } from "commander";
import type { Surroundings } from "../terminal/surroundings.ts";

export interface CommandContext {
  readonly surroundings: Surroundings;
  readonly version: string;
  /** Takes what the process will exit with. */
  readonly finish: (exitCode: number) => void;
}

/** Options of every command that writes for people. */
export function addOutputOptions(command: Command): Command {
  const options = [
    new Option("--color, --colour <when>", "colours in the report")
      .choices(["auto", "always", "never"])
      .default("auto"),
    new Option("-q, --quiet", "no progress on standard error"),
  ];
  for (const option of options) command.addOption(option.helpGroup("For people:"));
  return command;
}

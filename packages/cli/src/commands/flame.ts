/** `watertight flame`: its options and help. */
import { Argument, Command, Option } from "commander";
import { parseCount } from "../arguments/parse-option.ts";
import { addOutputOptions, type CommandContext } from "./command-context.ts";
import { addTargetOptions, TARGET_HELP, type TargetOptions } from "./target-options.ts";
import type { ColourWish } from "../terminal/surroundings.ts";

/** As commander gives them. */
export interface FlameOptions extends TargetOptions {
  readonly output: string;
  readonly format?: "svg" | "html" | "folded";
  readonly diff?: string;
  readonly by?: string;
  readonly profile: "goroutine" | "heap" | "allocs" | "cpu";
  readonly seconds: number;
  readonly sample?: string;
  readonly title?: string;
  readonly colour: ColourWish;
  readonly quiet?: true;
}

const DESCRIPTION = `Draws every stack of a service or a saved profile as a flame graph: an
interactive HTML file, an SVG, or folded stacks for other tools.

--by puts a frame below each stack: its wait state, the line that started it, or
the value of a pprof label. --diff colours what grew and what shrank.`;

const EPILOGUE = `
Examples:
  watertight flame :6060 -o goroutines.html
  watertight flame goroutines.txt --by state -o states.svg
  watertight flame :6060 --by label:route --format folded
  watertight flame after.pb.gz --diff before.pb.gz -o diff.html
  watertight flame :6060 --profile heap --sample inuse_space -o heap.html`;

/** Defines the command. */
export function defineFlame(context: CommandContext): Command {
  const command = new Command("flame")
    .summary("draw stacks as a flame graph")
    .description(DESCRIPTION)
    .addArgument(new Argument("<target>", TARGET_HELP))
    .addHelpText("after", EPILOGUE);
  const options = [
    new Option("-o, --output <file>", "where to write; - is standard output").default("-"),
    new Option(
      "--format <format>",
      "svg, html or folded (default: by the file's extension)",
    ).choices(["svg", "html", "folded"]),
    new Option("--diff <before>", "a file or target to compare with"),
    new Option("--by <what>", "state, creator or label:KEY"),
    new Option("--profile <name>", "which profile of a running service")
      .choices(["goroutine", "heap", "allocs", "cpu"])
      .default("goroutine"),
    new Option("--seconds <n>", "how long a cpu profile samples")
      .argParser(parseCount(1, 3600))
      .default(10),
    new Option("--sample <type>", "which values of it, such as inuse_space"),
    new Option("--title <text>", "title of the picture (default: the target)"),
  ];
  for (const option of options) command.addOption(option.helpGroup("Drawing:"));
  addTargetOptions(addOutputOptions(command));
  return command.action(async (target: string, options: FlameOptions) => {
    const { runFlame } = await import("../runs/flame.ts");
    context.finish(await runFlame(target, options, context));
  });
}

/** `watertight convert`: its options and help. */
import { Argument, Command, Option } from "commander";
import type { CommandContext } from "./command-context.ts";

/** As commander gives them. */
export interface ConvertOptions {
  readonly output: string;
  readonly to?: "pprof" | "folded";
  readonly sample?: string;
}

const DESCRIPTION = `Converts between profile formats. What comes in is recognised by its content:
pprof (plain or gzip), goroutine text (debug=1 or debug=2), or folded stacks.
What goes out is pprof (gzip) or folded stacks.`;

const EPILOGUE = `
Examples:
  watertight convert goroutines.txt -o goroutines.pb.gz   then: go tool pprof
  watertight convert heap.pb.gz --sample inuse_space -o heap.folded
  watertight convert stacks.folded -o stacks.pb.gz
  curl -s :6060/debug/pprof/goroutine?debug=2 | watertight convert - --to folded`;

/** Defines the command. */
export function defineConvert(context: CommandContext): Command {
  return new Command("convert")
    .summary("convert between profile formats")
    .description(DESCRIPTION)
    .addArgument(new Argument("<input>", "a file, or - for standard input"))
    .addOption(
      new Option("-o, --output <file>", "where to write; - is standard output").default("-"),
    )
    .addOption(
      new Option("--to <format>", "pprof or folded (default: by the file's extension)").choices([
        "pprof",
        "folded",
      ]),
    )
    .addOption(new Option("--sample <type>", "which values go into folded stacks"))
    .addHelpText("after", EPILOGUE)
    .action(async (input: string, options: ConvertOptions) => {
      const { runConvert } = await import("../runs/convert.ts");
      context.finish(await runConvert(input, options, context));
    });
}

/** `watertight watch`: its options and help. */
import { Argument, Command, Option } from "commander";
import { parseBytes, parseCount, parseDuration } from "../arguments/parse-option.ts";
import { addOutputOptions, type CommandContext } from "./command-context.ts";
import { collect } from "./inspect.ts";
import { addTargetOptions, type TargetOptions } from "./target-options.ts";
import type { ColourWish } from "../terminal/surroundings.ts";

/** As commander gives them. */
export interface WatchOptions extends TargetOptions {
  readonly interval: number;
  readonly threshold?: number;
  readonly captures?: number;
  readonly captureInterval: number;
  readonly hourly: number;
  readonly folder: string;
  readonly folderBytes: number;
  readonly folderFiles: number;
  readonly for?: number;
  readonly heap?: true;
  readonly appModule: readonly string[];
  readonly json?: true;
  readonly colour: ColourWish;
  readonly quiet?: true;
}

const DESCRIPTION = `Keeps looking at a running service and prints one line per event: what is
normal, when its count is at high water or will be, which leaks a series of
captures shows, and, after a fix, that they have converged.

Counting is cheap; captures are taken at high water only, and kept in a folder
that never grows beyond its bounds: the oldest are dropped. Ctrl-C or SIGTERM
finishes the capture that is begun and exits with 0.`;

const EPILOGUE = `
Examples:
  watertight watch http://127.0.0.1:6060
  watertight watch :6060 --interval 1m --threshold 5000
  watertight watch :6060 --json | tee events.jsonl      one object a line
  watertight inspect watertight-captures/        what it kept, as a series

Exit codes:
  0  stopped by a signal or after --for
  2  the command line is wrong
  3  the target could not be reached when the watch began`;

/** Defines the command. */
export function defineWatch(context: CommandContext): Command {
  const command = new Command("watch")
    .summary("keep looking at a running service, one line per event")
    .description(DESCRIPTION)
    .addArgument(
      new Argument("<target>", "a URL, host:port, :port, unix:/path.sock or a process id"),
    )
    .addHelpText("after", EPILOGUE);
  const looking = [
    new Option("--interval <duration>", "time between two counts")
      .argParser(parseDuration)
      .default(10_000, "10s"),
    new Option("--threshold <n>", "goroutines that are high water (default: learned)").argParser(
      parseCount(1, 1e9),
    ),
    new Option(
      "--captures <n>",
      "captures of one series (default: 4; 8 where the budget allows no ids)",
    ).argParser(parseCount(2, 100)),
    new Option("--capture-interval <duration>", "time between two of them")
      .argParser(parseDuration)
      .default(5000, "5s"),
    new Option("--hourly <n>", "captures in any hour, at most")
      .argParser(parseCount(2, 3600))
      .default(24),
    new Option("--for <duration>", "stop after this time").argParser(parseDuration),
    new Option("--heap", "keep heap profiles too"),
    new Option("--app-module <path>", "import path of the service's own code; repeatable")
      .argParser(collect)
      .default([], "found out"),
  ];
  const keeping = [
    new Option("--folder <path>", "where captures are kept").default("watertight-captures"),
    new Option("--folder-bytes <size>", "how large it may become")
      .argParser(parseBytes)
      .default(1024 ** 3, "1GiB"),
    new Option("--folder-files <n>", "how many files it may hold")
      .argParser(parseCount(1, 1e6))
      .default(1000),
  ];
  for (const option of looking) command.addOption(option.helpGroup("Looking:"));
  for (const option of keeping) command.addOption(option.helpGroup("Keeping:"));
  command.addOption(new Option("--json", "one JSON object per event").helpGroup("Reporting:"));
  addTargetOptions(addOutputOptions(command));
  return command.action(async (target: string, options: WatchOptions) => {
    const { runWatch } = await import("../runs/watch.ts");
    context.finish(await runWatch(target, options, context));
  });
}

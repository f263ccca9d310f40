/** `watertight inspect`: its options and help. */
import { SEVERITIES, type Severity } from "@watertight/finding";
import { Argument, Command, Option } from "commander";
import { parseCount, parseDuration } from "../arguments/parse-option.ts";
import { CliError } from "../errors.ts";
import { EXIT_CODES_HELP } from "../exit-code.ts";
import { addOutputOptions, type CommandContext } from "./command-context.ts";
import { addTargetOptions, TARGET_HELP, type TargetOptions } from "./target-options.ts";
import type { ColourWish } from "../terminal/surroundings.ts";

/** As commander gives them. */
export interface InspectOptions extends TargetOptions {
  readonly captures?: number;
  readonly interval: number;
  readonly heap?: true;
  readonly appModule: readonly string[];
  readonly sourceRoot?: string;
  readonly json?: true;
  readonly markdown?: true;
  readonly sarif?: string;
  readonly sonar?: string;
  readonly html?: string;
  readonly failOn: Severity | "never";
  readonly stacks?: true;
  readonly colour: ColourWish;
  readonly quiet?: true;
}

const DESCRIPTION = `Says what leaks in a service: what, how fast, where it is stuck, which line
started it, why that is certain, and how to fix it.

A running service is captured several times, cheaply first: the expensive
profiles are taken only where its number of goroutines lets them fit into the
budget. Saved captures are read as they are; a folder is read as a series.`;

const EPILOGUE = `
Examples:
  watertight inspect http://127.0.0.1:6060
  watertight inspect :6060 --captures 10 --interval 30s --heap
  watertight inspect 4711                        a local process, by its id
  watertight inspect captures/                   a folder that watch filled
  curl -s host:6060/debug/pprof/goroutine?debug=2 | watertight inspect -
  watertight inspect https://api.internal --token-env PPROF_TOKEN --ca ca.pem
  watertight inspect :6060 --sarif leaks.sarif --fail-on high   in CI
  watertight inspect :6060 --html report.html    findings and a flame graph

${EXIT_CODES_HELP}`;

/** Defines the command. */
export function defineInspect(context: CommandContext): Command {
  const command = new Command("inspect")
    .summary("say what leaks in a service or a saved capture")
    .description(DESCRIPTION)
    .addArgument(new Argument("<targets...>", TARGET_HELP))
    .addHelpText("after", EPILOGUE);
  addLookingOptions(command);
  addReportOptions(command);
  addOutputOptions(command).addOption(
    new Option("--stacks", "show the stacks behind the evidence").helpGroup("For people:"),
  );
  addTargetOptions(command);
  return command.action(async (targets: string[], options: InspectOptions) => {
    checkTargets(targets, options);
    const { runInspect } = await import("../runs/inspect.ts");
    context.finish(await runInspect(targets, options, context));
  });
}

/** Collects a repeatable option. */
export function collect(value: string, values: readonly string[]): readonly string[] {
  return [...values, value];
}

function addLookingOptions(command: Command): void {
  const options = [
    new Option(
      "--captures <n>",
      "how often a running service is captured (default: 4; 8 where the budget allows no ids)",
    ).argParser(parseCount(1, 1000)),
    new Option("--interval <duration>", "time between two captures")
      .argParser(parseDuration)
      .default(5000, "5s"),
    new Option("--heap", "look at memory too: heap and allocation profiles"),
    new Option("--app-module <path>", "import path of the service's own code; repeatable")
      .argParser(collect)
      .default([], "found out"),
    new Option("--source-root <folder>", "folder of the service's source, for paths (default: .)"),
  ];
  for (const option of options) command.addOption(option.helpGroup("Looking:"));
}

function addReportOptions(command: Command): void {
  const options = [
    new Option("--json", "print JSON: an object, or an array for several targets"),
    new Option("--markdown", "print Markdown").conflicts("json"),
    new Option("--sarif <file>", "write SARIF 2.1.0, for code scanning"),
    new Option("--sonar <file>", "write SonarQube generic issues"),
    new Option("--html <file>", "write one HTML file with findings and a flame graph"),
    new Option("--fail-on <severity>", "exit with 1 for findings at or above it")
      .choices([...SEVERITIES, "never"])
      .default("low"),
  ];
  for (const option of options) command.addOption(option.helpGroup("Reporting:"));
}

function checkTargets(targets: readonly string[], options: InspectOptions): void {
  if (targets.length > 1 && options.html !== undefined) {
    throw new CliError("WT_CLI_USAGE", "--html takes one target: run it once for each");
  }
  if (targets.filter((target) => target === "-").length > 1) {
    throw new CliError("WT_CLI_USAGE", "standard input can be read once only");
  }
}

/** `watertight verify`: its options and help. */
import { Argument, Command, Option } from "commander";
import { parseCount, parseDuration } from "../arguments/parse-option.ts";
import { addOutputOptions, type CommandContext } from "./command-context.ts";
import { collect } from "./inspect.ts";
import { addTargetOptions, TARGET_HELP, type TargetOptions } from "./target-options.ts";
import type { ColourWish } from "../terminal/surroundings.ts";

/** As commander gives them. */
export interface VerifyOptions extends TargetOptions {
  readonly before: string;
  readonly captures: number;
  readonly interval: number;
  readonly heap?: true;
  readonly appModule: readonly string[];
  readonly json?: true;
  readonly colour: ColourWish;
  readonly quiet?: true;
}

const DESCRIPTION = `Says whether a fix helped: for every leak that was found before, whether it
converged, is still growing, or whether there is not enough data to tell, with
the numbers behind it.

--before takes the report that inspect --json wrote, or saved captures. Run it
under the same load as before: a leak that nothing triggers does not grow.`;

const EPILOGUE = `
Examples:
  watertight inspect :6060 --json > before.json
  (deploy the fix, let it serve)
  watertight verify --before before.json :6060 --captures 8 --interval 30s

Exit codes:
  0  every leak converged
  1  at least one is still growing
  2  the command line is wrong
  3  the target or the report could not be read
  4  not enough data to tell`;

/** Defines the command. */
export function defineVerify(context: CommandContext): Command {
  const command = new Command("verify")
    .summary("say whether a fix helped")
    .description(DESCRIPTION)
    .addArgument(new Argument("<target>", TARGET_HELP))
    .addHelpText("after", EPILOGUE);
  const options = [
    new Option("--before <file>", "a report of inspect --json, or captures").makeOptionMandatory(),
    new Option("--captures <n>", "how often a running service is captured")
      .argParser(parseCount(1, 1000))
      .default(8),
    new Option("--interval <duration>", "time between two captures")
      .argParser(parseDuration)
      .default(5000, "5s"),
    new Option("--heap", "look at memory too"),
    new Option("--app-module <path>", "import path of the service's own code; repeatable")
      .argParser(collect)
      .default([], "found out"),
  ];
  for (const option of options) command.addOption(option.helpGroup("Looking:"));
  command.addOption(new Option("--json", "print JSON").helpGroup("Reporting:"));
  addTargetOptions(addOutputOptions(command));
  return command.action(async (target: string, options: VerifyOptions) => {
    const { runVerify } = await import("../runs/verify.ts");
    context.finish(await runVerify(target, options, context));
  });
}

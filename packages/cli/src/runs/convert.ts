/** `watertight convert`: one profile format to another. */
import { extname } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { encodeFolded, encodePprof } from "@watertight/profile";
import type { CommandContext } from "../commands/command-context.ts";
import type { ConvertOptions } from "../commands/convert.ts";
import { CliError } from "../errors.ts";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { createProgress } from "../terminal/progress.ts";
import { writeResult } from "../terminal/write-output.ts";
import { loadProfile } from "./load-profile.ts";
import { tellProblems } from "./tell-problems.ts";

/** Converts one input. What was whole of a damaged one is written, and the damage told. */
export async function runConvert(
  input: string,
  options: ConvertOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { surroundings } = context;
  const { stdout, stderr } = surroundings;
  const format =
    options.to ?? (/^\.(?:folded|txt)$/.test(extname(options.output)) ? "folded" : "pprof");
  if (format === "pprof" && options.output === "-" && stdout.isTTY) {
    throw new CliError("WT_CLI_USAGE", "pprof is binary: name a file with -o, or pipe it");
  }
  const progress = createProgress(stderr, { quiet: true });
  const loaded = await loadProfile(
    input,
    { kind: "goroutine" },
    { header: {} },
    { surroundings, progress },
  );
  const sampleType = options.sample === undefined ? {} : { sampleType: options.sample };
  const output =
    format === "folded"
      ? encodeFolded(loaded.profile, sampleType)
      : await promisify(gzip)(encodePprof(loaded.profile));
  await writeResult(options.output, output, stdout);
  return tellProblems(loaded.problems, stderr) ? EXIT_CODES.incomplete : EXIT_CODES.clean;
}

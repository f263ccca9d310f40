/** `watertight flame`: a profile, drawn. */
import { extname } from "node:path";
import {
  buildCallTree,
  diffCallTrees,
  renderFlameHtml,
  renderFlameSvg,
  rootByLabel,
  type CallTree,
} from "@watertight/flame";
import { encodeFolded } from "@watertight/profile";
import type { CommandContext } from "../commands/command-context.ts";
import type { FlameOptions } from "../commands/flame.ts";
import { CliError } from "../errors.ts";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { createProgress } from "../terminal/progress.ts";
import { writeResult } from "../terminal/write-output.ts";
import { loadProfile, type LoadedProfile, type SplitBy } from "./load-profile.ts";
import { tellProblems } from "./tell-problems.ts";

type Format = NonNullable<FlameOptions["format"]>;

/** Draws a target's stacks, alone or against what was before. */
export async function runFlame(
  target: string,
  options: FlameOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { surroundings } = context;
  const format = chooseFormat(options);
  const by = readSplit(options.by);
  const progress = createProgress(surroundings.stderr, { quiet: options.quiet === true });
  const load = async (text: string): Promise<LoadedProfile> => {
    const request = { kind: options.profile, cpuSeconds: options.seconds };
    const loaded = await loadProfile(
      text,
      by === undefined ? request : { ...request, by },
      options,
      {
        surroundings,
        progress,
      },
    );
    return splitByLabel(loaded, by);
  };
  const before = options.diff === undefined ? undefined : await load(options.diff);
  const after = await load(target);
  progress.show("drawing");
  const drawn = draw(after, before, format, options);
  progress.clear();
  await writeResult(options.output, drawn, surroundings.stdout);
  return tellProblems([...(before?.problems ?? []), ...after.problems], surroundings.stderr)
    ? EXIT_CODES.incomplete
    : EXIT_CODES.clean;
}

function draw(
  after: LoadedProfile,
  before: LoadedProfile | undefined,
  format: Format,
  options: FlameOptions,
): string | Uint8Array {
  const sampleType = options.sample === undefined ? {} : { sampleType: options.sample };
  if (format === "folded") return encodeFolded(after.profile, sampleType);
  const tree = buildCallTree(after.profile, sampleType);
  const earlier =
    before === undefined ? ownBefore(after, options) : buildCallTree(before.profile, sampleType);
  const shown: CallTree = earlier === undefined ? tree : diffCallTrees(earlier, tree);
  const title = options.title ?? describeTitle(after, before);
  return format === "html" ? renderFlameHtml(shown, { title }) : renderFlameSvg(shown, { title });
}

/** Differential folded stacks hold both sides. */
function ownBefore({ profile }: LoadedProfile, { sample }: FlameOptions): CallTree | undefined {
  const isDifferential = sample === undefined && profile.sampleTypes[0]?.type === "before";
  return isDifferential ? buildCallTree(profile, { sampleType: 0 }) : undefined;
}

function describeTitle(after: LoadedProfile, before: LoadedProfile | undefined): string {
  return before === undefined ? after.display : `${after.display} against ${before.display}`;
}

function chooseFormat(options: FlameOptions): Format {
  const extension = extname(options.output).slice(1).toLowerCase();
  const byName = {
    svg: "svg",
    html: "html",
    htm: "html",
    folded: "folded",
    txt: "folded",
  } as const;
  const format =
    options.format ?? (extension in byName ? byName[extension as keyof typeof byName] : "svg");
  if (format === "folded" && options.diff !== undefined) {
    throw new CliError("WT_CLI_USAGE", "Folded stacks hold one profile: --diff needs svg or html");
  }
  return format;
}

function readSplit(text: string | undefined): SplitBy {
  if (text === undefined || text === "state" || text === "creator") return text;
  const label = /^label:(.+)$/.exec(text)?.[1];
  if (label !== undefined) return { label };
  throw new CliError("WT_CLI_USAGE", `--by takes state, creator or label:KEY, not ${text}`);
}

/** Goroutines are split while they are loaded; the samples of any other profile by their labels. */
function splitByLabel(loaded: LoadedProfile, by: SplitBy): LoadedProfile {
  if (by === undefined || loaded.isDump) return loaded;
  if (typeof by === "string") {
    throw new CliError("WT_CLI_USAGE", `${loaded.display} is no goroutine dump: it has no ${by}`);
  }
  return { ...loaded, profile: rootByLabel(loaded.profile, by.label) };
}

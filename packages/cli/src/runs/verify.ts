/** `watertight verify`: whether a fix helped. */
import { verify, type Verification } from "@watertight/diagnose";
import type { CaptureRecord } from "@watertight/capture";
import { createPainter, formatLocation, type Report } from "@watertight/finding";
import type { CommandContext } from "../commands/command-context.ts";
import type { VerifyOptions } from "../commands/verify.ts";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { createProjectLookup } from "../source-folder.ts";
import { createProgress } from "../terminal/progress.ts";
import { decideCharset, decideColour, decideColumns } from "../terminal/surroundings.ts";
import { renderVerification } from "../terminal/verification.ts";
import { writeStream } from "../terminal/write-output.ts";
import { collectCaptures } from "./collect-captures.ts";
import { readBefore } from "./read-before.ts";

const STATUS_CODES: Readonly<Record<Verification["status"], ExitCode>> = {
  converged: EXIT_CODES.clean,
  "still-growing": EXIT_CODES.findings,
  "not-enough-data": EXIT_CODES.incomplete,
};

/** Captures the target, holds it against what was before, and says what became of every leak. */
export async function runVerify(
  target: string,
  options: VerifyOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { surroundings } = context;
  const { stdout, stderr, env } = surroundings;
  const before = await readBefore(options.before, target);
  const progress = createProgress(stderr, { quiet: options.quiet === true });
  const heap = options.heap === true ? (["heap", "allocs"] as const) : [];
  const plan = {
    captures: options.captures,
    intervalMs: options.interval,
    kinds: ["goroutines", "threads", "requests", ...heap] as const,
    lastKinds: [],
  };
  const after = await collectCaptures(target, plan, options, { surroundings, progress });
  const verification = verify(before, after);
  progress.clear();
  const shown = after.at(-1)?.target ?? target;
  const text =
    options.json === true
      ? `${JSON.stringify({ target: shown, ...plainVerification(verification) }, undefined, 2)}\n`
      : renderVerification(shown, verification, {
          columns: decideColumns(stdout, env),
          charset: decideCharset(stdout, env, process.platform),
          places: placesOf(before, surroundings.cwd),
          painter: createPainter(decideColour(options.colour, stdout, env)),
        });
  await writeStream(stdout, text);
  return STATUS_CODES[verification.status];
}

/** The line to open first of every leak of an earlier report. */
function placesOf(
  before: Report | readonly CaptureRecord[],
  root: string,
): ReadonlyMap<string, string> {
  const findings = "findings" in before ? before.findings : [];
  const source = { root, findInProject: createProjectLookup(root) };
  return new Map(
    findings.flatMap(({ id, creator, site }) => {
      const frame = creator ?? site;
      return frame === undefined ? [] : [[id, formatLocation(frame, source)] as const];
    }),
  );
}

/** Without the series behind it, which is large. */
function plainVerification({ status, leaks, newcomers, notes }: Verification): object {
  return {
    status,
    leaks,
    newcomers: newcomers.map(({ key, reason, counts, growth }) => ({
      key,
      reason,
      counts,
      growth,
    })),
    notes,
  };
}

/** What could not be read of an input, on standard error. */
import type { ProfileProblem } from "@watertight/profile";

const TOLD_MAX = 5;

/** Tells the first few. @returns whether there were any */
export function tellProblems(
  problems: readonly ProfileProblem[],
  stderr: NodeJS.WritableStream,
): boolean {
  for (const { code, message, remedy, offset } of problems.slice(0, TOLD_MAX)) {
    stderr.write(`watertight: ${message} (byte ${offset})\n  ${remedy}\n  ${code}\n`);
  }
  const left = problems.length - TOLD_MAX;
  if (left > 0) stderr.write(`watertight: and ${left} more of them\n`);
  return problems.length > 0;
}

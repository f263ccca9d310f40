/** An error as a person reads it: what happened, what to do, and a code to search for. */
import { CLI_ERRORS, CliError } from "./errors.ts";
import { EXIT_CODES, type ExitCode } from "./exit-code.ts";

/** What every room's coded error has in common, whichever class it is. */
export interface PresentedError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly exitCode: ExitCode;
}

/** Reads any thrown value. What is no coded error is a bug of ours and says so. */
export function presentError(error: unknown): PresentedError {
  if (error instanceof CliError) {
    const { code, sentence, remedy } = error;
    return { code, message: sentence, remedy, exitCode: EXIT_CODES.usage };
  }
  const problem = readProblem(error);
  if (problem !== undefined) return problem;
  const what = error instanceof Error ? error.message : String(error);
  const { message, remedy } = CLI_ERRORS.WT_CLI_INTERNAL;
  return {
    code: "WT_CLI_INTERNAL",
    message: message.replace("{what}", () => what.replace(/\.$/, "")),
    remedy,
    exitCode: EXIT_CODES.usage,
  };
}

/** The lines for standard error. */
export function formatError(error: PresentedError): string {
  return `watertight: ${error.message}\n  ${error.remedy}\n  ${error.code}\n`;
}

function readProblem(error: unknown): PresentedError | undefined {
  if (!(error instanceof Error)) return undefined;
  const source = hasProblem(error) ? error.problem : error;
  const { code, remedy, message, kind, path } = source as Readonly<Record<string, unknown>>;
  if (typeof code !== "string" || !code.startsWith("WT_")) return undefined;
  if (typeof remedy !== "string" || typeof message !== "string") return undefined;
  const bare = message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;
  const sentence = bare.endsWith(` ${remedy}`) ? bare.slice(0, -remedy.length - 1) : bare;
  const where = typeof path === "string" && path !== "$" ? ` (at ${path})` : "";
  return { code, remedy, message: `${sentence}${where}`, exitCode: exitCodeOf(kind) };
}

function hasProblem(error: Error): error is Error & { readonly problem: object } {
  return "problem" in error && typeof error.problem === "object" && error.problem !== null;
}

function exitCodeOf(kind: unknown): ExitCode {
  if (kind === "usage") return EXIT_CODES.usage;
  return kind === "incomplete" ? EXIT_CODES.incomplete : EXIT_CODES.unreachable;
}

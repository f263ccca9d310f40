/**
 * Everything that can be wrong with a command line, as data. The table is the single
 * source: `docs/errors.md` repeats it and a test compares the two.
 */

/** Every code of this room. */
export type CliErrorCode =
  | "WT_CLI_USAGE"
  | "WT_CLI_OUTPUT_FAILED"
  | "WT_CLI_INPUT_FAILED"
  | "WT_CLI_INTERNAL";

/** Codes, messages and remedies. `{what}` in a message is filled in from the problem. */
export const CLI_ERRORS: Readonly<
  Record<CliErrorCode, { readonly message: string; readonly remedy: string }>
> = {
  WT_CLI_USAGE: {
    message: "{what}.",
    remedy: "Run the command with --help to see what it takes.",
  },
  WT_CLI_OUTPUT_FAILED: {
    message: "The result could not be written: {what}.",
    remedy: "Check the path, its permissions and the free space.",
  },
  WT_CLI_INPUT_FAILED: {
    message: "An input could not be read: {what}.",
    remedy: "Check the path and what the file holds.",
  },
  WT_CLI_INTERNAL: {
    message: "Watertight itself failed: {what}.",
    remedy: "Please report it, with the output of the same command under WATERTIGHT_DEBUG=1.",
  },
};

/** Thrown for what only the command line can get wrong. */
export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly remedy: string;
  /** The message without code and remedy. */
  readonly sentence: string;

  constructor(code: CliErrorCode, what: string) {
    const entry = CLI_ERRORS[code];
    const sentence = entry.message
      .replace("{what}", () => what.replace(/\.$/, ""))
      .replace(/\?\.$/, "?");
    super(`${code}: ${sentence} ${entry.remedy}`);
    this.name = "CliError";
    this.code = code;
    this.remedy = entry.remedy;
    this.sentence = sentence;
  }
}

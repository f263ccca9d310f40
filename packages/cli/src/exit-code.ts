/** What the command's exit says to a script. */

export const EXIT_CODES = {
  /** No finding at or above `--fail-on`. */
  clean: 0,
  /** Findings at or above `--fail-on`; for `verify`: still growing. */
  findings: 1,
  /** The command line is wrong, or an internal error. */
  usage: 2,
  /** A target gave nothing. */
  unreachable: 3,
  /** A capture is missing a part or leaves a question open, and what is there shows no finding. */
  incomplete: 4,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** Which of several outcomes a script should hear about. */
const BY_WEIGHT: readonly ExitCode[] = [
  EXIT_CODES.usage,
  EXIT_CODES.findings,
  EXIT_CODES.unreachable,
  EXIT_CODES.incomplete,
  EXIT_CODES.clean,
];

/** The outcome of several targets: a leak found outweighs a target that gave nothing. */
export function combineExitCodes(codes: readonly ExitCode[]): ExitCode {
  return BY_WEIGHT.find((code) => codes.includes(code)) ?? EXIT_CODES.clean;
}

/** The paragraph of every `--help`. */
export const EXIT_CODES_HELP = `Exit codes:
  0  clean: no finding at or above --fail-on
  1  findings at or above --fail-on
  2  the command line is wrong
  3  a target could not be reached or read
  4  no finding, but a capture is incomplete or leaves a question open`;

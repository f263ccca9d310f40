/**
 * Everything that can be wrong with a profile, as data. The table is the single
 * source: `docs/errors.md` repeats it and a test compares the two.
 */

/** Every code of this room. */
export type ProfileErrorCode =
  | "WT_PROFILE_TRUNCATED"
  | "WT_PROFILE_UNKNOWN_FORMAT"
  | "WT_PROFILE_COMPRESSED"
  | "WT_PROFILE_CORRUPT"
  | "WT_PROFILE_MISSING_REFERENCE"
  | "WT_PROFILE_LIMIT"
  | "WT_PROFILE_BAD_LINE"
  | "WT_PROFILE_INCOMPATIBLE";

/** Codes, messages and remedies. `{what}` in a message is filled in from the problem. */
export const PROFILE_ERRORS: Readonly<
  Record<ProfileErrorCode, { readonly message: string; readonly remedy: string }>
> = {
  WT_PROFILE_TRUNCATED: {
    message: "The profile ends in the middle of {what}.",
    remedy:
      "Everything before that byte was kept. Capture again, or raise the capture's byte and time budget.",
  },
  WT_PROFILE_UNKNOWN_FORMAT: {
    message: "These bytes are no profile that Watertight reads: {what}.",
    remedy: "Pass a pprof protobuf, a goroutine dump (debug=1 or debug=2), or folded stacks.",
  },
  WT_PROFILE_COMPRESSED: {
    message: "These bytes are compressed: {what}.",
    remedy: "Inflate them first, with inflateGzip or node:zlib.",
  },
  WT_PROFILE_CORRUPT: {
    message: "The profile is damaged: {what}.",
    remedy: "Only the damaged part was left out. Capture again if it matters.",
  },
  WT_PROFILE_MISSING_REFERENCE: {
    message: "The profile refers to something that it does not contain: {what}.",
    remedy:
      "The reference was left empty and the rest kept. Capture again, or report it to the tool that wrote the profile.",
  },
  WT_PROFILE_LIMIT: {
    message: "The profile is larger than a limit allows: {what}.",
    remedy: "Everything up to that byte was kept. Raise the limit of that name in the options.",
  },
  WT_PROFILE_BAD_LINE: {
    message: "The line cannot be read: {what}.",
    remedy:
      "The line was left out. A folded stack is frames joined by semicolons, a space, and a whole number; perf script is a header line and indented frames.",
  },
  WT_PROFILE_INCOMPATIBLE: {
    message: "The profiles cannot be combined: {what}.",
    remedy: "Combine only profiles of one kind, such as two heap profiles.",
  },
};

/** One thing that is wrong with the input, where it is. */
export interface ProfileProblem {
  readonly code: ProfileErrorCode;
  readonly message: string;
  readonly remedy: string;
  /** Byte offset in the decoded (inflated) input. */
  readonly offset: number;
}

/** Builds a {@link ProfileProblem}, filling `{what}` of the code's message. */
export function describeProfileProblem(
  code: ProfileErrorCode,
  offset: number,
  what: string,
): ProfileProblem {
  const entry = PROFILE_ERRORS[code];
  return {
    code,
    message: entry.message.replace("{what}", () => what),
    remedy: entry.remedy,
    offset,
  };
}

/** Thrown where nothing at all could be decoded; otherwise problems ride along with the result. */
export class ProfileError extends Error {
  readonly problem: ProfileProblem;
  constructor(problem: ProfileProblem) {
    super(`${problem.code}: ${problem.message} ${problem.remedy} (byte ${problem.offset})`);
    this.name = "ProfileError";
    this.problem = problem;
  }
}

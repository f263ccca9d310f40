/**
 * Everything that can be wrong with what this room is asked for, as data. The table is
 * the single source: `docs/errors.md` repeats it and a test compares the two.
 */

/** Every code of this room. */
export type FlameErrorCode =
  | "WT_FLAME_NO_SAMPLE_TYPE"
  | "WT_FLAME_MIXED_TREES"
  | "WT_FLAME_BAD_PATTERN"
  | "WT_FLAME_SERIES_MISMATCH";

/** Codes, messages and remedies. `{what}` in a message is filled in from the problem. */
export const FLAME_ERRORS: Readonly<
  Record<FlameErrorCode, { readonly message: string; readonly remedy: string }>
> = {
  WT_FLAME_NO_SAMPLE_TYPE: {
    message: "The profile holds no sample type {what}.",
    remedy: "Pass one of the sample types that the profile names, or none for its default.",
  },
  WT_FLAME_MIXED_TREES: {
    message: "These call trees cannot be put together: {what}.",
    remedy: "Build all of them from the same sample type, with the same root.",
  },
  WT_FLAME_BAD_PATTERN: {
    message: "{what} is no regular expression.",
    remedy: "Escape characters such as ( and *, or pass a plain string to match it literally.",
  },
  WT_FLAME_SERIES_MISMATCH: {
    message: "The series does not line up: {what}.",
    remedy: "Pass one time, and one load figure if any, for every capture, oldest first.",
  },
};

/** Thrown when a call tree, drawing or reading cannot be made from what was passed. */
export class FlameError extends Error {
  readonly code: FlameErrorCode;
  readonly remedy: string;
  constructor(code: FlameErrorCode, what: string) {
    const entry = FLAME_ERRORS[code];
    // A replacer function: `what` may hold "$&" and friends.
    super(`${code}: ${entry.message.replace("{what}", () => what)} ${entry.remedy}`);
    this.name = "FlameError";
    this.code = code;
    this.remedy = entry.remedy;
  }
}

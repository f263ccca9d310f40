/**
 * Everything that can be wrong with a report that was read back, as data. The table is
 * the single source: `docs/errors.md` repeats it and a test compares the two.
 */

/** Every code of this room. */
export type FindingErrorCode = "WT_FINDING_NOT_JSON" | "WT_FINDING_SCHEMA";

/** Codes, messages and remedies. `{what}` in a message is filled in from the problem. */
export const FINDING_ERRORS: Readonly<
  Record<FindingErrorCode, { readonly message: string; readonly remedy: string }>
> = {
  WT_FINDING_NOT_JSON: {
    message: "This is no JSON: {what}.",
    remedy: "Pass a report that `watertight inspect --json` wrote, whole and unedited.",
  },
  WT_FINDING_SCHEMA: {
    message: "This is no report: {what}.",
    remedy: "Write the report again with `watertight inspect --json` of this version.",
  },
};

/** Thrown where a report cannot be read. */
export class FindingError extends Error {
  readonly code: FindingErrorCode;
  readonly remedy: string;
  /** Where, as a JSON path, e.g. `$.findings[2].severity`; `$` for the whole text. */
  readonly path: string;

  constructor(code: FindingErrorCode, path: string, what: string) {
    const entry = FINDING_ERRORS[code];
    super(`${code}: ${entry.message.replace("{what}", () => what)} ${entry.remedy}`);
    this.name = "FindingError";
    this.code = code;
    this.remedy = entry.remedy;
    this.path = path;
  }
}

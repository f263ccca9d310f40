/** Everything that this room refuses, as data. */

/** Every code of this room. */
export type TestkitErrorCode =
  | "WT_TESTKIT_LEAK"
  | "WT_TESTKIT_NO_SCOPE"
  | "WT_TESTKIT_RUNNER"
  | "WT_TESTKIT_OPTION"
  | "WT_TESTKIT_SERVICE_SILENT";

/** Codes, messages and remedies. `{what}` is filled in where the error is made. */
export const TESTKIT_ERRORS: Readonly<
  Record<TestkitErrorCode, { readonly message: string; readonly remedy: string }>
> = {
  WT_TESTKIT_LEAK: {
    message: "{what}",
    remedy: "Open the line that the report names and apply its fix.",
  },
  WT_TESTKIT_NO_SCOPE: {
    message: "Nothing was watched, so {what} has nothing to look at.",
    remedy:
      "Begin with leakCheck(), pass the test's context to verifyNone(t), or use a set-up module.",
  },
  WT_TESTKIT_RUNNER: {
    message: "The test runner cannot be hooked into: {what}.",
    remedy: "Use Vitest 4.1, Jest 30 or Node's test runner of 22.15 or later, or call leakCheck().",
  },
  WT_TESTKIT_OPTION: {
    message: "An option does not hold: {what}.",
    remedy: "See the table of options in the README.",
  },
  WT_TESTKIT_SERVICE_SILENT: {
    message: "The service's suspended work could not be read: {what}.",
    remedy:
      "Check that its pprof endpoints answer, and that the budget allows a goroutine profile.",
  },
};

/** Thrown by this room for what is no leak. */
export class TestkitError extends Error {
  override readonly name = "TestkitError";
  readonly code: TestkitErrorCode;
  readonly remedy: string;

  constructor(code: TestkitErrorCode, what: string, options?: { readonly cause?: unknown }) {
    super(TESTKIT_ERRORS[code].message.replace("{what}", what), options);
    this.code = code;
    this.remedy = TESTKIT_ERRORS[code].remedy;
  }
}

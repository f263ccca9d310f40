/**
 * A test runner may load this module once more than the set-up module did, as Jest does in its
 * sandbox for every test file: all of them are then the one that watches the tests.
 */
import * as own from "./entry-points.ts";

const shared: typeof own =
  (globalThis as { [key: symbol]: typeof own | undefined })[Symbol.for("watertight.testkit")] ??
  own;

export const checkBody: typeof own.checkBody = shared.checkBody;
export const configure: typeof own.configure = shared.configure;
export const ignoreCreatedBy: typeof own.ignoreCreatedBy = shared.ignoreCreatedBy;
export const ignoreCurrent: typeof own.ignoreCurrent = shared.ignoreCurrent;
export const ignoreTopFunction: typeof own.ignoreTopFunction = shared.ignoreTopFunction;
export const leakCheck: typeof own.leakCheck = shared.leakCheck;
export const maxWaitMs: typeof own.maxWaitMs = shared.maxWaitMs;
export const verifyNone: typeof own.verifyNone = shared.verifyNone;
export const verifyService: typeof own.verifyService = shared.verifyService;
export const LeakError: typeof own.LeakError = shared.LeakError;
export type LeakError = own.LeakError;
export const TestkitError: typeof own.TestkitError = shared.TestkitError;
export type TestkitError = own.TestkitError;
export const TESTKIT_ERRORS: typeof own.TESTKIT_ERRORS = shared.TESTKIT_ERRORS;

export type {
  CheckOption,
  LeakCheck,
  TestContext,
  TestkitErrorCode,
  VerifyServiceOptions,
} from "./entry-points.ts";

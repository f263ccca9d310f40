/** Everything that a test can call. */
export { checkBody } from "./check-body.ts";
export {
  ignoreCreatedBy,
  ignoreCurrent,
  ignoreTopFunction,
  maxWaitMs,
  type CheckOption,
} from "./check-options.ts";
export { TESTKIT_ERRORS, TestkitError, type TestkitErrorCode } from "./errors.ts";
export { leakCheck, type LeakCheck } from "./leak-check.ts";
export { LeakError } from "./leak-error.ts";
export { configure } from "./scope-options.ts";
export { verifyService, type VerifyServiceOptions } from "./verify-service.ts";
export { verifyNone, type TestContext } from "./verify-none.ts";

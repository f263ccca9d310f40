/**
 * Set-up module for Vitest: `setupFiles: ["@watertight/testkit/vitest"]`. Every test runs in a
 * scope of its own, hooks and fixtures included, and fails when something of it is left.
 */
import * as vitest from "vitest";
import { TestkitError } from "./errors.ts";
import { holdReplacements } from "./instrumentation.ts";
import { watchTest } from "./watch-test.ts";

if (typeof vitest.aroundEach !== "function") {
  throw new TestkitError("WT_TESTKIT_RUNNER", "this Vitest has no aroundEach");
}

vitest.afterAll(holdReplacements());

vitest.aroundEach(async (run, { task, signal }) => {
  await watchTest({
    title: task.name,
    signal,
    run,
    hasFailed: () => task.result?.state === "fail",
  });
});

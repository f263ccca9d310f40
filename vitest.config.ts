import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["watertight-source"] },
  ssr: { resolve: { conditions: ["watertight-source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "e2e/**/*.test.ts", "zoo/test/**/*.test.ts"],
    // Every test of the project fails when it leaves work running.
    setupFiles: ["./packages/testkit/src/vitest.ts"],
    // Nothing here asserts speed; a machine that is busy with other work is slow, not wrong.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Most suites wait for processes that they started, so one worker more than there are cores keeps both busy.
    maxWorkers: availableParallelism() + 1,
  },
});

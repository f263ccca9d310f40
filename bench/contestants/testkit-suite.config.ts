/** Some of the project's own suites, under the testkit (`TESTKIT=on`) or bare. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const setUp = fileURLToPath(new URL("../../packages/testkit/src/vitest.ts", import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions: ["watertight-source"] },
  ssr: { resolve: { conditions: ["watertight-source"] } },
  test: {
    include: ["packages/{flow,finding}/test/**/*.test.ts"],
    setupFiles: process.env["TESTKIT"] === "on" ? [setUp] : [],
    pool: "threads",
    testTimeout: 60_000,
  },
});

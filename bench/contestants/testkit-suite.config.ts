/** A suite under the testkit (`TESTKIT=on`) or bare: some of the project's own, or pure microtasks. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const setUp = fileURLToPath(new URL("../../packages/testkit/src/vitest.ts", import.meta.url));
const isPure = process.env["SUITE"] === "pure";

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions: ["watertight-source"] },
  ssr: { resolve: { conditions: ["watertight-source"] } },
  test: {
    include: [
      isPure
        ? "bench/contestants/pure-microtasks.bench-suite.ts"
        : "packages/{flow,finding}/test/**/*.test.ts",
    ],
    setupFiles: process.env["TESTKIT"] === "on" ? [setUp] : [],
    pool: "threads",
    testTimeout: 60_000,
  },
});

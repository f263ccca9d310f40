import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ["watertight-source"] },
  ssr: { resolve: { conditions: ["watertight-source"] } },
  test: { include: ["vitest-body.ts"], testTimeout: 10_000, detectAsyncLeaks: true },
});

import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";
import { projectRoot } from "../../../e2e/house/source-tree.ts";

const GZIP_BYTES_MAX = 4096;

test("the whole room is at most 4 KB on the wire, and depends on nothing", async () => {
  const bundle = await rolldown({ input: `${projectRoot}/packages/flow/src/index.ts` });
  const { output } = await bundle.generate({ minify: true });
  expect(output).toHaveLength(1);
  expect(output[0].imports).toEqual([]);
  expect(gzipSync(output[0].code).length).toBeLessThanOrEqual(GZIP_BYTES_MAX);
});

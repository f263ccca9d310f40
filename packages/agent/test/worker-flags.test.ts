import { expect, test } from "vitest";
import { keepConditions } from "../src/worker-flags.ts";

test.each([
  [["--conditions=development"], ["--conditions=development"]],
  [["--conditions", "development"], ["--conditions=development"]],
  [
    ["-C", "a", "-C=b"],
    ["--conditions=a", "--conditions=b"],
  ],
  [["--import", "@watertight/agent/register", "--max-old-space-size=512"], []],
  [["--conditions"], []],
  [["--require", "./-C.js", "--conditions-of-life"], []],
])("of %j a thread is given %j", (flags, kept) => {
  expect(keepConditions(flags)).toEqual(kept);
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CENSUS_CAUSES, STALLED_STREAM } from "../src/node/census-causes.ts";
import { NODE_RULES } from "../src/rules/node/all-node-rules.ts";

const CAUSES = [...NODE_RULES, ...Object.values(CENSUS_CAUSES), STALLED_STREAM].map(
  ({ cause, fix }) => ({ cause, fix }),
);

test.each(CAUSES)(
  "the page on $cause shows the fix that a report on Node prints",
  ({ cause, fix }) => {
    const text = readFileSync(new URL(`../../../docs/causes/${cause}.md`, import.meta.url), "utf8");
    expect(text).toContain(`(\`${cause}\`)`);
    expect(text).toContain(fix.summary);
    expect(text).toContain(fix.example ?? "no example");
    expect(text).toMatch(/## What looks alike and is in order|In order:/);
  },
);

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ALL_RULES } from "../src/index.ts";

const page = (cause: string): string =>
  readFileSync(new URL(`../../../docs/causes/${cause}.md`, import.meta.url), "utf8");

test.each(ALL_RULES.map(({ cause, fix }) => ({ cause, fix })))(
  "the page on $cause shows the fix that the report prints, and what looks alike",
  ({ cause, fix }) => {
    const text = page(cause);
    expect(text).toContain(`(\`${cause}\`)`);
    expect(text).toContain(fix.summary);
    expect(text).toContain(fix.example ?? "no example");
    expect(text).toContain("## What looks alike and is in order");
  },
);

test("every id is used by one rule", () => {
  const causes = ALL_RULES.map(({ cause }) => cause);
  expect(new Set(causes).size).toBe(causes.length);
});

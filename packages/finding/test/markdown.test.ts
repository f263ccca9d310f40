import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderMarkdown } from "../src/index.ts";
import { codeSpan, escapeMarkdown } from "../src/outputs/markdown.ts";
import { arbitraryReport } from "./examples/arbitrary-report.ts";
import { cleanReport, leakyReport } from "./examples/report.ts";

test("a leaky service reads like the golden", async () => {
  await expect(renderMarkdown(leakyReport, { root: "/srv/orders" })).toMatchFileSnapshot(
    "goldens/report.md",
  );
});

test("a clean one says what it cannot rule out", () => {
  expect(renderMarkdown(cleanReport)).toContain("## No leak found in `orders.goroutines.txt`");
  expect(renderMarkdown(cleanReport)).toContain("- Memory was not looked at");
});

test.each([
  ["@everyone", "@&#8203;everyone"],
  ["#12", "#&#8203;12"],
  ["<b>", "\\<b\\>"],
  ["a|b", "a\\|b"],
  ["[x](y)", "\\[x\\](y)"],
  ["https://x", "https&#8203;://x"],
])("%s becomes text", (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});

test("a code span holds any number of backticks", () => {
  expect(codeSpan("a`b")).toBe("``a`b``");
  expect(codeSpan("`a``")).toBe("``` `a`` ```");
});

test("no process can open a tag, a mention or a fence outside of code", () => {
  fc.assert(
    fc.property(arbitraryReport, (report) => {
      const prose = withoutCode(renderMarkdown(report));
      const tags = (prose.match(/(?<!\\)<[^>]*>/g) ?? []).toSorted();
      expect(new Set(tags)).toEqual(
        new Set(tags.filter((tag) => /^<\/?(?:details|summary)>$/.test(tag))),
      );
      expect(prose).not.toMatch(/@[A-Za-z]/);
      // oxlint-disable-next-line no-control-regex
      expect(prose).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    }),
  );
});

function withoutCode(markdown: string): string {
  return markdown
    .replaceAll(/^(`{3,})[a-z]*\n[\s\S]*?\n\1$/gm, "")
    .replaceAll(/(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
}

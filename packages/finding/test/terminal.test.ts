import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderTerminal } from "../src/index.ts";
import { displayWidth, isFileLine } from "../src/layout/wrap.ts";
import { arbitraryReport } from "./examples/arbitrary-report.ts";
import { cleanReport, heapGrowth, leakyReport } from "./examples/report.ts";

const root = "/srv/orders";

function stripColours(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\u001b\[[\d;]*m/g, "");
}

test.each([60, 80, 120, 200])(
  "a leaky service reads like the golden at %i columns",
  async (columns) => {
    const text = renderTerminal(leakyReport, { columns, colour: "never", root });
    await expect(text).toMatchFileSnapshot(`goldens/terminal-${columns}.txt`);
  },
);

test("a question that is open stands where the findings would, with what to do", () => {
  const undecided = ["40 goroutines wait at main.query (query.go:3). Take a series."];
  const report = { ...leakyReport, findings: [], undecided };
  const text = renderTerminal(report, { columns: 100, colour: "never" });
  expect(text).toContain(" Not decided: 1 open question in ");
  expect(text).toContain(" not decided  40 goroutines wait at main.query");
  expect(text).not.toContain("No leak found");
});

test("stacks are shown on request, and ASCII is all that a plain terminal gets", async () => {
  const text = renderTerminal(leakyReport, {
    columns: 80,
    colour: "never",
    charset: "ascii",
    stacks: "shown",
    root,
  });
  await expect(text).toMatchFileSnapshot("goldens/terminal-ascii-stacks.txt");
  expect(text).toMatch(/^[\n\u0020-\u007e]*$/);
});

test("a clean result says what was looked at and what cannot be seen", async () => {
  const text = renderTerminal(cleanReport, { columns: 80, colour: "never" });
  await expect(text).toMatchFileSnapshot("goldens/terminal-clean.txt");
});

test("colours change nothing but colours", () => {
  const options = { columns: 80, root } as const;
  const coloured = renderTerminal(leakyReport, { ...options, colour: "always" });
  expect(coloured).toContain("\u001b[7;1;31m CRITICAL \u001b[0m");
  expect(stripColours(coloured)).toBe(renderTerminal(leakyReport, { ...options, colour: "never" }));
});

test("leaks beyond the bound are named in one line a title, with the first places", () => {
  const findings = Array.from({ length: 20 }, (_, index) => ({
    ...heapGrowth,
    id: `id-${index}`,
    ...(index === 19 ? { title: "Another cache grows" } : {}),
  }));
  const text = renderTerminal(
    { ...leakyReport, findings },
    { columns: 200, colour: "never", root, findingsMax: 3 },
  );
  expect(text.match(/open first/g)).toHaveLength(3);
  expect(text).toContain("and 17 more");
  expect(text).toMatch(/low +The price cache keeps growing .*cache.go:41 and 13 more places\n/);
  expect(text).toMatch(/low +Another cache grows internal\/price\/cache.go:41\n/);
});

test("an example is shown with the first finding that it fits, not with each", () => {
  const fix = { ...heapGrowth.fix, example: "cache.Evict(oldest)" };
  const findings = ["one", "another"].map((id) => Object.assign({}, heapGrowth, { id, fix }));
  const text = renderTerminal(
    { ...leakyReport, findings },
    { columns: 100, colour: "never", root },
  );
  expect(text.split(fix.example)).toHaveLength(2);
  expect(text.split(fix.summary)).toHaveLength(3);
});

test("whatever a process calls its functions, lines fit, nothing trails and no control gets through", () => {
  fc.assert(
    fc.property(arbitraryReport, fc.integer({ min: 60, max: 200 }), (report, columns) => {
      const text = renderTerminal(report, { columns, colour: "never", stacks: "shown" });
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
      for (const line of text.split("\n")) {
        expect(line).toBe(line.trimEnd());
        const unbroken = line.split(" ").some(isFileLine);
        if (!unbroken) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      }
    }),
  );
});

test("in ASCII everything is ASCII", () => {
  fc.assert(
    fc.property(arbitraryReport, (report) => {
      const text = renderTerminal(report, { columns: 80, colour: "never", charset: "ascii" });
      expect(text).toMatch(/^[\n\u0020-\u007e]*$/);
    }),
  );
});

test("colour codes are the only escapes when coloured", () => {
  fc.assert(
    fc.property(arbitraryReport, (report) => {
      const text = stripColours(renderTerminal(report, { columns: 80, colour: "always" }));
      expect(text).not.toContain("\u001b");
    }),
  );
});

test("a line of an example that is too long goes on at a word, further in", () => {
  const example = `  const reply = await new Promise((resolve) => pending.set(id, resolve)); // may never come`;
  const [finding] = leakyReport.findings;
  const fix = { ...finding!.fix, example };
  const report = { ...leakyReport, findings: [{ ...finding!, fix, effects: [] }] };
  const lines = renderTerminal(report, { columns: 80, colour: "never" }).split("\n");
  const at = lines.findIndex((line) => line.includes("const reply"));
  expect(lines[at]).toMatch(/\S+ {14,}const reply = await .* pending\.set\(id,$/);
  expect(lines[at + 1]).toMatch(/ {18,}resolve\)\); \/\/ may never come$/);
  for (const columns of [20, 30, 41]) {
    expect(renderTerminal(report, { columns, colour: "never" })).toContain("never");
  }
});

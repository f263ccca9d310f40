/** Whatever a process calls its functions, no output of a report acts on who reads it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  renderHtml,
  renderMarkdown,
  renderSarif,
  renderSonar,
  renderTerminal,
  type Report,
} from "../src/index.ts";
import { arbitraryReport } from "./examples/arbitrary-report.ts";

/** Escape sequences, bidirectional marks and invisible formatting; outputs have tabs and line feeds of their own. */
const ACTIVE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

type Render = (report: Report) => unknown;

const OUTPUTS: readonly (readonly [string, Render])[] = [
  ["the terminal", (report) => renderTerminal(report, { columns: 100, colour: "never" })],
  ["Markdown", (report) => renderMarkdown(report)],
  ["HTML", (report) => renderHtml(report)],
  // JSON may write a mark as an escape, which whoever reads it turns back.
  ["SARIF", (report) => unescapeJson(renderSarif([report]))],
  ["SonarQube's", (report) => unescapeJson(renderSonar([report]).text)],
];

describe("no output holds a control or a bidirectional mark", () => {
  test.each(OUTPUTS)("%s", async (_, render) => {
    await fc.assert(
      fc.asyncProperty(arbitraryReport, async (report) => {
        expect(await render(report)).not.toMatch(ACTIVE);
      }),
      { numRuns: 50 },
    );
  });
});

/** Every text in a JSON document, a line each. */
function unescapeJson(json: string): string {
  const texts: string[] = [];
  JSON.parse(json, (_, value: unknown) => {
    if (typeof value === "string") texts.push(value);
    return value;
  });
  return texts.join("\n");
}

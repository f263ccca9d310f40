/** The report as one HTML file that loads nothing: findings, and a flame graph when there is one. */
import { hashSource } from "../content-hash.ts";
import type { CaptureSummary, Report } from "../finding.ts";
import { nestEffects } from "../order.ts";
import type { SourceOptions } from "../source-path.ts";
import { describeBlindSpots, describeCoverage, describeLeaks, formatCount } from "../wording.ts";
import { findingSection } from "./html/finding-section.ts";
import { safeHtml, markupText, trusted, type Markup } from "./html/markup.ts";
import { PAGE_SCRIPT } from "./html/page-script.ts";
import { PAGE_STYLE } from "./html/page-style.ts";

/** A part of the page that another room drew. It is put in as it is: the caller vouches for it. */
export interface FlameFragment {
  readonly html: string;
  /** Without `</style`. */
  readonly css: string;
  /** Without `</script`. */
  readonly script: string;
}

export interface HtmlOptions extends SourceOptions {
  readonly flame?: FlameFragment;
}

/**
 * A whole page. Its policy runs only its own styles and scripts, by hash, and
 * loads nothing: it opens from a file, offline, and attaches to a ticket.
 */
export async function renderHtml(report: Report, options: HtmlOptions = {}): Promise<string> {
  const styles = [PAGE_STYLE, ...(options.flame === undefined ? [] : [options.flame.css])];
  const scripts = [PAGE_SCRIPT, ...(options.flame === undefined ? [] : [options.flame.script])];
  const policy = [
    "default-src 'none'",
    `style-src ${(await Promise.all(styles.map(hashSource))).join(" ")}`,
    `script-src ${(await Promise.all(scripts.map(hashSource))).join(" ")}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = safeHtml`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${describeLeaks(report)} in ${report.target} — Watertight</title>
        ${styles.map((style) => trusted(`<style>${style}</style>`))}
      </head>
      <body>
        <main>${pageHead(report)} ${pageBody(report, options)}</main>
        ${scripts.map((script) => trusted(`<script>${script}</script>`))}
      </body>
    </html> `;
  return markupText(page);
}

function pageHead(report: Report): Markup {
  const isClean = report.findings.length === 0 && (report.undecided ?? []).length === 0;
  const tone = isClean ? "verdict clean" : "verdict";
  return safeHtml`<header>
    <p class="brand">Watertight</p>
    <h1 class="${tone}">${describeLeaks(report)}</h1>
    <p class="target">in <code>${report.target}</code></p>
    <p class="coverage">${describeCoverage(report).map((part) => safeHtml`<span>${part}</span>`)}</p>
  </header>`;
}

function pageBody(report: Report, options: HtmlOptions): Markup {
  let ids = 0;
  const nextId = (): string => {
    ids += 1;
    return `copied-${ids}`;
  };
  const findings = nestEffects(report.findings).map((tree) =>
    findingSection(tree, options, nextId),
  );
  const blindSpots = report.findings.length === 0 ? describeBlindSpots(report) : [];
  return safeHtml`${findings} ${listPart("Not decided", report.undecided ?? [])}
  ${listPart("What this cannot rule out", blindSpots)}
  ${flamePart(options.flame)} ${listPart("Notes", report.notes)} ${captureTable(report.captures)}`;
}

function listPart(title: string, sentences: readonly string[]): Markup | undefined {
  if (sentences.length === 0) return undefined;
  const items = sentences.map((sentence) => safeHtml`<li>${sentence}</li>`);
  return safeHtml`<section class="part">
    <h2>${title}</h2>
    <ul class="notes">
      ${items}
    </ul>
  </section>`;
}

function flamePart(flame: FlameFragment | undefined): Markup | undefined {
  if (flame === undefined) return undefined;
  return safeHtml`<div class="part flame">${trusted(flame.html)}</div>`;
}

function captureTable(captures: readonly CaptureSummary[]): Markup | undefined {
  if (captures.length === 0) return undefined;
  const rows = captures.map(
    ({ at, profile, total, covered, truncated }) =>
      safeHtml`<tr>
        <td>${at}</td>
        <td>${profile}</td>
        <td class="number">${formatCount(total)}</td>
        <td class="number">${formatCount(covered)}</td>
        <td>${truncated ? "cut" : "whole"}</td>
      </tr>`,
  );
  return safeHtml`<section class="part">
    <h2>Captures</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Taken at</th>
            <th>Profile</th>
            <th class="number">Total</th>
            <th class="number">Read</th>
            <th>State</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

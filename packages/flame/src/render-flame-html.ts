/** An interactive flame graph: as a whole page, or as pieces for another page. */
import { isDiff, type CallTree } from "./call-tree.ts";
import { embedJson, escapeMarkup, showControls } from "./escape-markup.ts";
import { COLOURING, diffColour, originColour } from "./flame-colours.ts";
import { formatValue, FORMATTING } from "./format-value.ts";
import { pruneCallTree } from "./prune-call-tree.ts";
import { writeFlameData } from "./write-flame-data.ts";
import { CHART_PART } from "./page/page-chart.ts";
import type { FlameData } from "./page/flame-page.ts";
import { KEYS_PART } from "./page/page-keys.ts";
import { START_PART } from "./page/page-start.ts";
import { FLAME_CSS, PAGE_CSS } from "./page/page-style.ts";
import { TABLE_PART } from "./page/page-table.ts";
import { TREE_PART } from "./page/page-tree.ts";
import { sha256Base64 } from "./sha256.ts";

export interface FlameHtmlOptions {
  /** Plain text. Default `Flame graph`. */
  readonly title?: string;
  /** Unit of the values, when the sample type's own is not what a reader should see. */
  readonly unit?: string;
  /** Most nodes to ship, the largest ones. Default 50,000. */
  readonly nodesMax?: number;
}

export interface FlamePageOptions extends FlameHtmlOptions {
  /** Allows the page's script and style by this nonce instead of by their hashes. */
  readonly nonce?: string;
}

/** Pieces that another page puts together; several `html` pieces share one `css` and `script`. */
export interface FlameFragment {
  /** One `<section>` with its data inside. Every text in it is escaped. */
  readonly html: string;
  /** Goes into a `<style>` once. */
  readonly css: string;
  /** Goes into a `<script>` once, after the last section. */
  readonly script: string;
  /** The JSON that `html` holds, safe inside a script element. */
  readonly data: string;
  /** `sha256-…` of `css` and `script`, for a content security policy. */
  readonly cssHash: string;
  readonly scriptHash: string;
}

const PARTS = [TREE_PART, CHART_PART, TABLE_PART, KEYS_PART, FORMATTING, COLOURING, START_PART];
/** What the parts need of one another, by name. */
const SHARED =
  "layOutTree,listRows,gatherCallees,gatherCallers,makeChart,showTable,bindKeys," +
  "formatValue,formatShare,originColour,diffColour";

let writtenScript: string | undefined;

/** The page's script, the same for every flame graph: its parts as they stand. */
export function flameScript(): string {
  writtenScript ??= `(()=>{"use strict";\n${PARTS.flat().map(String).join("\n")}\nstartFlames({${SHARED}});\n})();`;
  return writtenScript;
}

function renderLegend(diff: boolean): string {
  const entries: readonly (readonly [string, string])[] = diff
    ? [
        ["grew", diffColour(1, 4, "light")],
        ["unchanged", diffColour(1, 1, "light")],
        ["shrank", diffColour(4, 1, "light")],
      ]
    : ["service", "dependency", "standard library", "runtime"].map(
        (name, origin) => [name, originColour(origin, 0.4, "light")] as const,
      );
  const items = entries.map(
    ([name, colour]) =>
      `<li><svg viewBox="0 0 11 11" aria-hidden="true"><rect width="11" height="11" rx="2.5" fill="${colour}"/></svg>${name}</li>`,
  );
  return `<ul class="wt-legend">${items.join("")}</ul>`;
}

function describeWhole(data: FlameData): string {
  const total = data.total[0]!;
  const before = data.totalBefore?.[0];
  const whole =
    before === undefined
      ? `${formatValue(total, data.unit)} in all`
      : `${formatValue(before, data.unit)} before, ${formatValue(total, data.unit)} after`;
  const hidden =
    data.hidden > 0 ? ` · the ${data.hidden.toLocaleString("en-US")} smallest stacks left out` : "";
  const direction = data.root === "callees" ? " · leaf functions on top, their callers below" : "";
  return `${data.type} · ${whole}${direction}${hidden}`;
}

function renderSection(data: FlameData, json: string): string {
  const head = (sort: string, name: string): string =>
    `<th data-sort="${sort}" scope="col"><button type="button">${name}</button></th>`;
  return `<section class="wt-flame">
<div class="wt-head"><div><h2>${escapeMarkup(data.title)}</h2><p class="wt-sub">${escapeMarkup(describeWhole(data))}</p></div>
<div class="wt-tools"><output class="wt-found" data-part="found"></output>
<input type="search" data-part="search" placeholder="Search functions ( / )" aria-label="Search functions" spellcheck="false" autocomplete="off">
<button type="button" data-part="reset" disabled>Reset zoom</button>
<div class="wt-tabs" role="tablist"><button type="button" role="tab" data-opens="flame" aria-selected="true">Flame</button><button type="button" role="tab" data-opens="functions" aria-selected="false">Functions</button></div></div></div>
<div data-part="flame">${renderLegend(data.totalBefore !== undefined)}
<canvas data-part="chart" tabindex="0" role="img" aria-label="${escapeMarkup(`${data.title}. The same numbers are in the Functions table.`)}"></canvas></div>
<div class="wt-functions" data-part="functions" hidden><div class="wt-scroll"><table><thead><tr>${head("self", "Self")}${head("total", "Total")}${head("change", "Change")}${head("name", "Function")}</tr></thead><tbody data-part="rows"></tbody></table><p class="wt-more" data-part="more"></p></div>
<div class="wt-sandwich" data-part="sandwich" hidden><h3 data-part="sandwich-name"></h3><h4>Called by</h4><canvas data-part="callers"></canvas><h4>Calls</h4><canvas data-part="callees"></canvas></div></div>
<div class="wt-details"><b data-part="details-name"></b><span data-part="details-value"><noscript>This flame graph needs JavaScript; the SVG output does not.</noscript></span></div>
<script type="application/json" data-part="data">${json}</script>
</section>`;
}

/** An interactive flame graph to put into another page. */
export function renderFlameFragment(tree: CallTree, options: FlameHtmlOptions = {}): FlameFragment {
  const pruned = pruneCallTree(tree, { nodesMax: options.nodesMax ?? 50_000 });
  const written = writeFlameData(pruned, tree.nodeCount - pruned.nodeCount);
  const data: FlameData = {
    ...written,
    title: showControls(options.title ?? (isDiff(tree) ? "Difference" : "Flame graph")),
    unit: options.unit ?? written.unit,
  };
  const json = embedJson(data);
  const script = flameScript();
  return {
    html: renderSection(data, json),
    css: FLAME_CSS,
    script,
    data: json,
    cssHash: `sha256-${sha256Base64(FLAME_CSS)}`,
    scriptHash: `sha256-${sha256Base64(script)}`,
  };
}

/**
 * A whole page in one file. Its policy allows nothing but its own script and style: no
 * network, no inline handlers, no frames.
 */
export function renderFlameHtml(tree: CallTree, options: FlamePageOptions = {}): string {
  const fragment = renderFlameFragment(tree, options);
  const css = PAGE_CSS + fragment.css;
  const nonce = options.nonce?.replace(/[^\w+/=-]/g, "");
  const allow = (hash: string): string => (nonce ? `'nonce-${nonce}'` : `'${hash}'`);
  const attribute = nonce ? ` nonce="${nonce}"` : "";
  const policy = [
    "default-src 'none'",
    `script-src ${allow(fragment.scriptHash)}`,
    `style-src ${allow(`sha256-${sha256Base64(css)}`)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(options.title ?? "Flame graph")}</title>
<style${attribute}>${css}</style>
</head>
<body>
${fragment.html}
<script${attribute}>${fragment.script}</script>
</body>
</html>
`;
}

/** A flame graph as one static SVG: no scripts, nothing loaded, readable as an image anywhere. */
import { isDiff, type CallTree } from "./call-tree.ts";
import { escapeMarkup, showControls } from "./escape-markup.ts";
import { diffColour, originColour } from "./flame-colours.ts";
import { formatShare, formatValue } from "./format-value.ts";
import { FRAME_ORIGINS, originOf, packageOf, tintOf } from "./frame-origin.ts";
import { layoutFlame, type FlameLayout, type LayoutOptions } from "./layout-flame.ts";

export interface SvgOptions extends LayoutOptions {
  readonly title?: string;
  /** `icicle` has the root on top, `flame` at the bottom. Default `icicle`. */
  readonly orientation?: "icicle" | "flame";
}

const ROW_PX = 19;
const HEADER_PX = 58;
const MARGIN_PX = 16;
const CHARACTER_PX = 6.65;
const FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";
const LEGEND = ["service", "dependency", "standard library", "runtime"];
const DIFF_LEGEND: readonly (readonly [string, number, number])[] = [
  ["grew", 1, 4],
  ["same", 1, 1],
  ["shrank", 4, 1],
];

const STYLE = `text{font:11px ${FONT};fill:#1d2129}
.h{font:600 16px system-ui,-apple-system,"Segoe UI",sans-serif}.s{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#5b6472}
.b{fill:#fff}.f:hover rect{stroke:#1d2129;stroke-width:1}
@media(prefers-color-scheme:dark){.b{fill:#15181e}.h{fill:#eceff4}.s{fill:#9aa4b2}}`;

/** At most one decimal digit: a tenth of a pixel cannot be seen, and files stay small. */
function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** `net/http.(*conn).serve` without its folders, cut to what fits. */
function shorten(name: string, widthPx: number): string {
  const room = Math.floor((widthPx - 7) / CHARACTER_PX);
  if (room < 3) return "";
  const short = name.replace(/^[^[(]*\//, "");
  return short.length <= room ? short : `${short.slice(0, room - 1)}…`;
}

function describeChange(before: number, after: number, unit: string): string {
  const change = after - before;
  return `${formatValue(before, unit)} → ${formatValue(after, unit)} (${change < 0 ? "" : "+"}${formatValue(change, unit)})`;
}

function describeTotal(tree: CallTree, node: number): string {
  const { unit } = tree.sampleType;
  const total = tree.total[node]!;
  if (isDiff(tree)) return describeChange(tree.totalBefore[node]!, total, unit);
  return `${formatValue(total, unit)}, ${formatShare(total, tree.total[0]!)}`;
}

function colourOf(tree: CallTree, node: number): string {
  if (isDiff(tree)) return diffColour(tree.totalBefore[node]!, tree.total[node]!, "light");
  const row = tree.frame[node]!;
  const [name, file] = [tree.frames.name[row]!, tree.frames.file[row]!];
  if (node === 0) return originColour(3, 1, "light");
  const origin = FRAME_ORIGINS.indexOf(originOf(name, file));
  return originColour(origin, tintOf(packageOf(name, file)), "light");
}

function renderFrame(layout: FlameLayout, row: number, flipped: boolean): string {
  const { tree } = layout;
  const node = layout.node[row]!;
  const name = node === 0 ? "all" : showControls(tree.frames.name[tree.frame[node]!]!);
  const x = MARGIN_PX + layout.x[row]!;
  const level = flipped ? layout.depthMax - layout.depth[row]! : layout.depth[row]!;
  const y = HEADER_PX + level * ROW_PX;
  const width = Math.max(layout.width[row]! - 0.6, 0.3);
  const label = shorten(name, width);
  const text = label && `<text x="${px(x + 4)}" y="${y + 13}">${escapeMarkup(label)}</text>`;
  const title = `<title>${escapeMarkup(`${name}\n${describeTotal(tree, node)}`)}</title>`;
  const box = `x="${px(x)}" y="${y}" width="${px(width)}" height="${ROW_PX - 1}" rx="2"`;
  return `<g class="f">${title}<rect ${box} fill="${colourOf(tree, node)}"/>${text}</g>`;
}

function renderLegend(tree: CallTree, rightPx: number): string {
  const entries = isDiff(tree)
    ? DIFF_LEGEND.map(
        ([name, before, after]) => [name, diffColour(before, after, "light")] as const,
      )
    : LEGEND.map((name, origin) => [name, originColour(origin, 0.4, "light")] as const);
  let x = rightPx;
  const marks = entries.toReversed().map(([name, colour]) => {
    x -= name.length * 6.9 + 30;
    return `<rect x="${px(x)}" y="33" width="11" height="11" rx="2" fill="${colour}"/><text class="s" x="${px(x + 16)}" y="43">${name}</text>`;
  });
  return marks.reverse().join("");
}

/** Draws a tree, or a layout of one, as a whole SVG document. */
export function renderFlameSvg(drawn: CallTree | FlameLayout, options: SvgOptions = {}): string {
  const layout = "tree" in drawn ? drawn : layoutFlame(drawn, options);
  const { tree } = layout;
  const { title = "Flame graph", orientation = "icicle" } = options;
  const width = layout.widthPx + 2 * MARGIN_PX;
  const height = HEADER_PX + (layout.depthMax + 1) * ROW_PX + MARGIN_PX;
  const total = isDiff(tree)
    ? describeChange(tree.totalBefore[0]!, tree.total[0]!, tree.sampleType.unit)
    : `${formatValue(tree.total[0]!, tree.sampleType.unit)} in all`;
  const hidden =
    layout.hidden > 0 ? ` · ${layout.hidden.toLocaleString("en-US")} too small to show` : "";
  const frames = Array.from({ length: layout.count }, (_, row) =>
    renderFrame(layout, row, orientation === "flame"),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeMarkup(title)}</title>
<style>${escapeMarkup(STYLE).replaceAll("&quot;", '"')}</style>
<rect class="b" width="${width}" height="${height}"/>
<text class="h" x="${MARGIN_PX}" y="25">${escapeMarkup(title)}</text>
<text class="s" x="${MARGIN_PX}" y="43">${escapeMarkup(`${tree.sampleType.type} · ${total}${hidden}`)}</text>
${renderLegend(tree, layout.widthPx + MARGIN_PX)}
${frames.join("\n")}
</svg>
`;
}

/** One icicle on a canvas: draws what is wide enough to see, zooms by moving its window. */
import type { Chart, ChartOptions, FlameData, PageTree } from "./flame-page.ts";

interface ChartState {
  tree: PageTree;
  zoomed: number;
  selected: number;
  hovered: number;
  /** The window on the tree, as fractions of the root; moves towards the zoomed node. */
  from: number;
  span: number;
  matching: Uint8Array | undefined;
}

/** Colours of the page's scheme, from its style sheet. */
function readTheme(canvas: HTMLCanvasElement): Record<string, string> {
  const style = getComputedStyle(canvas);
  const read = (name: string): string => style.getPropertyValue(`--wt-${name}`).trim();
  return {
    ink: read("frame-ink"),
    match: read("match"),
    outline: read("outline"),
    paper: read("paper"),
    scheme: read("scheme"),
    font: `11.5px ${read("mono")}`,
  };
}

/** The part of a name that says most, cut to fit. */
function fitLabel(name: string, room: number): string {
  if (room < 3) return "";
  const short = name.replace(/^[^[(]*\//, "");
  return short.length <= room ? short : `${short.slice(0, room - 1)}…`;
}

function fillOf(
  options: ChartOptions,
  state: ChartState,
  node: number,
  theme: Record<string, string>,
): string {
  const { data, parts } = options;
  const frame = state.tree.frame[node]!;
  const scheme = theme["scheme"] === "dark" ? "dark" : "light";
  if (state.matching?.[frame] === 1) return theme["match"]!;
  const before = state.tree.totalBefore;
  if (before) return parts.diffColour(before[node]!, state.tree.total[node]!, scheme);
  return parts.originColour(data.origin[frame]!, data.tint[frame]!, scheme);
}

/** Calls back for every node that shows in the window, parents first. */
function eachVisible(
  state: ChartState,
  widthPx: number,
  visit: (node: number, x: number, width: number) => void,
): void {
  const { tree, from, span } = state;
  const scale = widthPx / span;
  for (let node = 0; node < tree.count;) {
    const x = (tree.left[node]! - from) * scale;
    const width = tree.width[node]! * scale;
    if (width < 0.35 || x + width <= 0 || x >= widthPx) {
      node = tree.end[node]!;
      continue;
    }
    const shown = Math.max(x, 0);
    visit(node, shown, Math.min(x + width, widthPx) - shown);
    node++;
  }
}

function rowTop(options: ChartOptions, state: ChartState, node: number): number {
  const level = state.tree.level[node]!;
  return (options.upwards ? state.tree.depthMax - level : level) * 20;
}

function nameOf(data: FlameData, tree: PageTree, node: number): string {
  return data.name[tree.frame[node]!]!;
}

function drawChart(options: ChartOptions, state: ChartState): void {
  const { canvas, data } = options;
  const pen = canvas.getContext("2d");
  const widthPx = canvas.clientWidth;
  if (!pen || widthPx === 0) return;
  const heightPx = (state.tree.depthMax + 1) * 20;
  const ratio = Math.min(devicePixelRatio || 1, 16_000 / heightPx);
  canvas.style.height = `${heightPx}px`;
  canvas.width = Math.round(widthPx * ratio);
  canvas.height = Math.round(heightPx * ratio);
  pen.scale(ratio, ratio);
  const theme = readTheme(canvas);
  pen.font = theme["font"]!;
  pen.textBaseline = "middle";
  const characterPx = pen.measureText("m").width;
  eachVisible(state, widthPx, (node, x, width) => {
    const y = rowTop(options, state, node);
    const isAncestor = node < state.zoomed && state.tree.end[node]! > state.zoomed;
    const isMatch = state.matching?.[state.tree.frame[node]!] === 1;
    pen.globalAlpha = isAncestor ? 0.6 : state.matching && !isMatch ? 0.5 : 1;
    pen.fillStyle = fillOf(options, state, node, theme);
    const drawn = Math.max(width - 0.7, 0.35);
    if (width > 6) {
      pen.beginPath();
      pen.roundRect(x, y, drawn, 19, 2.5);
      pen.fill();
    } else pen.fillRect(x, y, drawn, 19);
    const label = fitLabel(nameOf(data, state.tree, node), Math.floor((width - 9) / characterPx));
    if (label) {
      pen.globalAlpha = isAncestor || (state.matching && !isMatch) ? 0.7 : 1;
      pen.fillStyle = theme["ink"]!;
      pen.fillText(label, x + 5, y + 10);
    }
    if (node !== state.hovered && node !== state.selected) return;
    pen.globalAlpha = 1;
    pen.strokeStyle = theme["outline"]!;
    pen.lineWidth = 1.6;
    pen.strokeRect(x + 0.8, y + 0.8, Math.max(drawn - 1.6, 0.5), 17.4);
  });
}

/** The node under the pointer, or -1. */
function nodeAt(options: ChartOptions, state: ChartState, event: MouseEvent): number {
  const box = options.canvas.getBoundingClientRect();
  const level = Math.floor((event.clientY - box.top) / 20);
  const row = options.upwards ? state.tree.depthMax - level : level;
  const pointer = event.clientX - box.left;
  let found = -1;
  eachVisible(state, box.width, (node, x, width) => {
    if (state.tree.level[node] === row && pointer >= x && pointer < x + width) found = node;
  });
  return found;
}

/** Moves the window to the zoomed node; at once for readers who want no motion. */
function glide(state: ChartState, draw: () => void): void {
  const target = state.zoomed;
  const [from, span] = [state.from, state.span];
  const [toFrom, toSpan] = [state.tree.left[target]!, state.tree.width[target]! || 1];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const start = performance.now();
  const step = (now: number): void => {
    if (state.zoomed !== target) return;
    const part = still ? 1 : Math.min(1, Math.max(0, now - start) / 180);
    const eased = 1 - (1 - part) ** 3;
    state.from = from + (toFrom - from) * eased;
    state.span = span + (toSpan - span) * eased;
    draw();
    if (part < 1) requestAnimationFrame(step);
  };
  step(start);
  if (!still) requestAnimationFrame(step);
}

function listenToPointer(options: ChartOptions, state: ChartState, chart: Chart): void {
  const { canvas } = options;
  canvas.addEventListener("mousemove", (event) => {
    const node = nodeAt(options, state, event);
    if (node === state.hovered) return;
    state.hovered = node;
    canvas.style.cursor = node < 0 ? "default" : "pointer";
    options.onHover(state.tree, node);
    chart.draw();
  });
  canvas.addEventListener("mouseleave", () => {
    state.hovered = -1;
    options.onHover(state.tree, -1);
    chart.draw();
  });
  canvas.addEventListener("click", (event) => {
    const node = nodeAt(options, state, event);
    if (node < 0) return;
    state.selected = node;
    chart.zoom(node);
  });
}

/** Makes a canvas an icicle. It draws nothing until it is shown a tree. */
function makeChart(options: ChartOptions): Chart {
  const empty = options.parts.layOutTree({ level: [0], frame: [0], total: [0], self: [0] });
  const state: ChartState = {
    tree: empty,
    zoomed: 0,
    selected: -1,
    hovered: -1,
    from: 0,
    span: 1,
    matching: undefined,
  };
  const draw = (): void => drawChart(options, state);
  const chart: Chart = {
    show: (tree) => {
      Object.assign(state, { tree, zoomed: 0, selected: -1, hovered: -1, from: 0, span: 1 });
      draw();
    },
    zoom: (node) => {
      state.zoomed = node;
      options.onZoom(state.tree, node);
      glide(state, draw);
    },
    select: (node) => {
      state.selected = node;
      options.onHover(state.tree, node);
      draw();
    },
    highlight: (matching) => {
      state.matching = matching;
      draw();
    },
    draw,
    tree: () => state.tree,
    zoomed: () => state.zoomed,
    selected: () => state.selected,
  };
  listenToPointer(options, state, chart);
  return chart;
}

/** This part, for the page. */
export const CHART_PART: readonly ((...args: never[]) => unknown)[] = [
  readTheme,
  fitLabel,
  fillOf,
  eachVisible,
  rowTop,
  nameOf,
  drawChart,
  nodeAt,
  glide,
  listenToPointer,
  makeChart,
];

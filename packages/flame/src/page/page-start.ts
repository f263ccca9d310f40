/** Brings every flame graph of the page to life. */
import type { Chart, FlameData, FlameView, PageParts, PageTree } from "./flame-page.ts";

function partOf(section: HTMLElement, part: string): HTMLElement {
  return section.querySelector<HTMLElement>(`[data-part="${part}"]`)!;
}

function describeNode(data: FlameData, parts: PageParts, tree: PageTree, node: number): string {
  const { formatShare, formatValue } = parts;
  const total = tree.total[node]!;
  const self = tree.self[node]!;
  const before = tree.totalBefore?.[node];
  const share = `${formatShare(total, tree.total[0]!)} of all`;
  const own = self === 0 ? "" : ` · self ${formatValue(self, data.unit)}`;
  if (before === undefined) return `${formatValue(total, data.unit)} · ${share}${own}`;
  const sign = total > before ? "+" : "";
  const change = `${sign}${formatValue(total - before, data.unit)}`;
  return `${formatValue(before, data.unit)} → ${formatValue(total, data.unit)} (${change})${own}`;
}

/** The bar under the chart: what the pointer or the keyboard is on. */
function showDetails(
  section: HTMLElement,
  data: FlameData,
  parts: PageParts,
  tree: PageTree,
  node: number,
): void {
  const name = partOf(section, "details-name");
  const value = partOf(section, "details-value");
  if (node < 0) {
    name.textContent = "";
    value.textContent = "click: zoom · / search · Esc: back · arrows and Enter: walk";
    return;
  }
  name.textContent = data.name[tree.frame[node]!]!;
  const file = data.file[tree.frame[node]!]!;
  value.textContent = `${describeNode(data, parts, tree, node)}${file ? ` · ${file}` : ""}`;
}

/** Frames whose name holds the text, or matches it when it is written /like this/. */
function matchNames(data: FlameData, text: string): Uint8Array | undefined {
  if (text === "") return undefined;
  let pattern: RegExp | undefined;
  if (text.length > 2 && text.startsWith("/") && text.endsWith("/")) {
    try {
      pattern = new RegExp(text.slice(1, -1), "iu");
    } catch {
      pattern = undefined;
    }
  }
  const plain = text.toLowerCase();
  return Uint8Array.from(data.name, (name, row) => {
    if (row === 0) return 0;
    return (pattern ? pattern.test(name) : name.toLowerCase().includes(plain)) ? 1 : 0;
  });
}

/** Value of the stacks that run through a match; nested matches count once. */
function sumMatches(tree: PageTree, matching: Uint8Array): number {
  let sum = 0;
  for (let node = 1; node < tree.count;) {
    if (matching[tree.frame[node]!] === 1) {
      sum += tree.total[node]!;
      node = tree.end[node]!;
    } else node++;
  }
  return sum;
}

function bindTabs(view: FlameView): void {
  const tabs = [...view.section.querySelectorAll<HTMLButtonElement>('[role="tab"]')];
  for (const tab of tabs) {
    tab.addEventListener("click", () => {
      for (const other of tabs) {
        const isOpen = other === tab;
        other.ariaSelected = String(isOpen);
        partOf(view.section, other.dataset["opens"]!).hidden = !isOpen;
      }
      view.chart.draw();
      view.refreshTable();
    });
  }
}

function bindResizing(view: FlameView): void {
  const redraw = (): void => {
    view.chart.draw();
    view.refreshTable();
  };
  new ResizeObserver(redraw).observe(view.section);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

function startFlame(section: HTMLElement, parts: PageParts): void {
  const data = JSON.parse(partOf(section, "data").textContent) as FlameData;
  const tree = parts.layOutTree(data);
  const found = partOf(section, "found");
  const input = partOf(section, "search") as HTMLInputElement;
  let matching: Uint8Array | undefined;
  const hover = (over: PageTree, node: number): void =>
    showDetails(section, data, parts, over, node);
  const chart: Chart = parts.makeChart({
    data,
    parts,
    canvas: partOf(section, "chart") as HTMLCanvasElement,
    upwards: false,
    onHover: hover,
    onZoom: (_, node) => {
      (partOf(section, "reset") as HTMLButtonElement).disabled = node === 0;
    },
  });
  const view: FlameView = {
    section,
    data,
    tree,
    chart,
    parts,
    hover,
    matching: () => matching,
    search: (text) => {
      matching = matchNames(data, text.trim());
      const share = matching ? parts.formatShare(sumMatches(tree, matching), tree.total[0]!) : "";
      const count = matching?.reduce((sum, flag) => sum + flag, 0) ?? 0;
      found.textContent = matching
        ? `${count} ${count === 1 ? "function" : "functions"}, ${share}`
        : "";
      chart.highlight(matching);
      view.refreshTable();
    },
    reset: () => {
      chart.select(-1);
      chart.zoom(0);
    },
    refreshTable: () => {},
    openFunction: () => {},
  };
  parts.showTable(view);
  parts.bindKeys(view);
  bindTabs(view);
  input.addEventListener("input", () => view.search(input.value));
  partOf(section, "reset").addEventListener("click", view.reset);
  hover(tree, -1);
  chart.show(tree);
  bindResizing(view);
}

/** Starts every flame graph that the page holds. */
function startFlames(parts: PageParts): void {
  for (const section of document.querySelectorAll<HTMLElement>(".wt-flame")) {
    startFlame(section, parts);
  }
}

/** This part, for the page. */
export const START_PART: readonly ((...args: never[]) => unknown)[] = [
  partOf,
  describeNode,
  showDetails,
  matchNames,
  sumMatches,
  bindTabs,
  bindResizing,
  startFlame,
  startFlames,
];

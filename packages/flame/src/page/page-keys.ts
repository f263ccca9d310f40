/** The keyboard: `/` searches, Esc steps back, arrows walk the tree, Enter zooms. */
import type { FlameView, PageTree } from "./flame-page.ts";

/** The sibling after or before a node, or the node itself at the end of the row. */
function siblingOf(tree: PageTree, node: number, after: boolean): number {
  if (node === 0) return node;
  const above = tree.parent[node]!;
  if (after) return tree.end[node]! < tree.end[above]! ? tree.end[node]! : node;
  let before = node;
  for (let child = above + 1; child < node; child = tree.end[child]!) before = child;
  return before;
}

/** Where an arrow leads from a node, or undefined for any other key. */
function stepFrom(tree: PageTree, node: number, key: string): number | undefined {
  if (key === "ArrowUp") return Math.max(0, tree.parent[node]!);
  if (key === "ArrowDown") return node + 1 < tree.end[node]! ? node + 1 : node;
  if (key === "ArrowRight") return siblingOf(tree, node, true);
  if (key === "ArrowLeft") return siblingOf(tree, node, false);
  return undefined;
}

/** Whether a key is for this flame graph: it has the focus, or nothing has and it is the first. */
function isFor(view: FlameView): boolean {
  const active = document.activeElement;
  if (active && active !== document.body) return view.section.contains(active);
  return document.querySelector(".wt-flame") === view.section;
}

function bindKeys(view: FlameView): void {
  const { section, chart } = view;
  const input = section.querySelector<HTMLInputElement>('[data-part="search"]')!;
  const canvas = section.querySelector<HTMLElement>('[data-part="chart"]')!;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isFor(view)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (input.value !== "") {
        input.value = "";
        view.search("");
      } else view.reset();
      input.blur();
      return;
    }
    if (event.target === input) return;
    if (event.key === "/") {
      event.preventDefault();
      input.focus();
      input.select();
      return;
    }
    if (event.target instanceof HTMLElement && event.target.closest("button, tr")) return;
    if (canvas.offsetParent === null) return;
    const selected = chart.selected() < 0 ? chart.zoomed() : chart.selected();
    if (event.key === "Enter") chart.zoom(selected);
    const next = stepFrom(chart.tree(), selected, event.key);
    if (next === undefined) return;
    event.preventDefault();
    chart.select(next);
  });
}

/** This part, for the page. */
export const KEYS_PART: readonly ((...args: never[]) => unknown)[] = [
  siblingOf,
  stepFrom,
  isFor,
  bindKeys,
];

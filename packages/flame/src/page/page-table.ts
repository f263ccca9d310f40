/** The table of functions, and one function between its callers and its callees. */
import type { Chart, FlameView, TableRow } from "./flame-page.ts";

type SortKey = "name" | "self" | "total" | "change";

interface TableState {
  readonly rows: readonly TableRow[];
  sort: SortKey;
  open: number;
}

function pick(view: FlameView, part: string): HTMLElement {
  return view.section.querySelector<HTMLElement>(`[data-part="${part}"]`)!;
}

function changeOf(row: TableRow): number {
  return row.total - row.totalBefore;
}

function sortRows(view: FlameView, state: TableState): TableRow[] {
  const matching = view.matching();
  const rows = state.rows.filter((row) => !matching || matching[row.frame] === 1);
  const byName = (a: TableRow, b: TableRow): number =>
    view.data.name[a.frame]! < view.data.name[b.frame]! ? -1 : 1;
  const compare: Record<SortKey, (a: TableRow, b: TableRow) => number> = {
    name: byName,
    self: (a, b) => b.self - a.self || b.total - a.total || byName(a, b),
    total: (a, b) => b.total - a.total || b.self - a.self || byName(a, b),
    change: (a, b) => changeOf(b) - changeOf(a) || byName(a, b),
  };
  return rows.sort(compare[state.sort]);
}

function addCell(tr: HTMLTableRowElement, text: string, share: number): void {
  const cell = tr.insertCell();
  cell.textContent = text;
  cell.className = "wt-number";
  cell.style.setProperty("--share", `${Math.max(0, Math.min(1, share)) * 100}%`);
}

function fillTable(view: FlameView, state: TableState): void {
  const { data, parts, tree } = view;
  const isDiff = tree.totalBefore !== undefined;
  const whole = tree.total[0]! || 1;
  const rows = sortRows(view, state);
  const body = pick(view, "rows") as HTMLTableSectionElement;
  body.replaceChildren();
  for (const row of rows.slice(0, 400)) {
    const tr = body.insertRow();
    tr.tabIndex = 0;
    tr.dataset["frame"] = String(row.frame);
    if (row.frame === state.open) tr.className = "wt-open";
    addCell(tr, parts.formatValue(row.self, data.unit), row.self / whole);
    addCell(tr, parts.formatValue(row.total, data.unit), row.total / whole);
    if (isDiff) {
      const change = changeOf(row);
      const sign = change > 0 ? "+" : "";
      addCell(tr, sign + parts.formatValue(change, data.unit), 0);
      if (change !== 0) tr.lastElementChild!.classList.add(change > 0 ? "wt-grew" : "wt-shrank");
    }
    const name = tr.insertCell();
    name.className = "wt-name";
    name.textContent = data.name[row.frame]!;
    name.title = data.file[row.frame]!;
  }
  const left = rows.length - 400;
  pick(view, "more").textContent =
    left > 0 ? `${left.toLocaleString("en-US")} more: search to narrow them down` : "";
}

/** Headings that sort; the one in use is marked for screen readers too. */
function bindHeadings(view: FlameView, state: TableState): void {
  const headings = view.section.querySelectorAll<HTMLElement>("th[data-sort]");
  const mark = (): void => {
    for (const th of headings) {
      th.ariaSort = th.dataset["sort"] === state.sort ? "descending" : "none";
    }
  };
  for (const th of headings) {
    if (th.dataset["sort"] === "change" && !view.tree.totalBefore) th.remove();
    th.firstElementChild!.addEventListener("click", () => {
      state.sort = th.dataset["sort"] as SortKey;
      mark();
      fillTable(view, state);
    });
  }
  mark();
}

/** The two icicles around a function. */
function makeSandwich(view: FlameView): { callers: Chart; callees: Chart } {
  const { data, parts } = view;
  const make = (part: string, upwards: boolean): Chart =>
    parts.makeChart({
      data,
      parts,
      upwards,
      canvas: pick(view, part) as HTMLCanvasElement,
      onHover: view.hover,
      onZoom: () => {},
    });
  return { callers: make("callers", true), callees: make("callees", false) };
}

/** Fills the table and wires it up. */
function showTable(view: FlameView): void {
  const { data, parts, tree } = view;
  const rows = parts.listRows(tree, data, data.name.length);
  const state: TableState = { rows, sort: tree.totalBefore ? "change" : "self", open: -1 };
  const { callers, callees } = makeSandwich(view);
  view.openFunction = (frame) => {
    state.open = frame;
    pick(view, "sandwich").hidden = false;
    pick(view, "sandwich-name").textContent = data.name[frame]!;
    callers.show(parts.layOutTree(parts.gatherCallers(tree, data, frame)));
    callees.show(parts.layOutTree(parts.gatherCallees(tree, data, frame)));
    fillTable(view, state);
  };
  view.refreshTable = () => {
    fillTable(view, state);
    for (const chart of [callers, callees]) chart.highlight(view.matching());
  };
  const body = pick(view, "rows");
  const openRow = (event: Event): void => {
    const frame = (event.target as HTMLElement).closest("tr")?.dataset["frame"];
    if (frame !== undefined) view.openFunction(Number(frame));
  };
  body.addEventListener("click", openRow);
  body.addEventListener("keydown", (event) => {
    if (event.key === "Enter") openRow(event);
  });
  bindHeadings(view, state);
  fillTable(view, state);
}

/** This part, for the page. */
export const TABLE_PART: readonly ((...args: never[]) => unknown)[] = [
  pick,
  changeOf,
  sortRows,
  addCell,
  fillTable,
  bindHeadings,
  makeSandwich,
  showTable,
];

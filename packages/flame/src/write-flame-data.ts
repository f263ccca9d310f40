/** From a call tree to the JSON that a page draws. */
import { isDiff, listChildren, type CallTree } from "./call-tree.ts";
import { showControls } from "./escape-markup.ts";
import { FRAME_ORIGINS, originOf, packageOf, tintOf } from "./frame-origin.ts";
import { weighNodes } from "./layout-flame.ts";
import type { FlameData } from "./page/flame-page.ts";

/** Nodes in preorder, largest children first, with their depths. */
function orderNodes(tree: CallTree): { readonly nodes: number[]; readonly level: number[] } {
  const weight = weighNodes(tree);
  const nodes: number[] = [];
  const level: number[] = [];
  const open: [number, number][] = [[0, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, depth] = next;
    nodes.push(node);
    level.push(depth);
    for (const child of listChildren(tree, node, weight).reverse()) open.push([child, depth + 1]);
  }
  return { nodes, level };
}

/** Writes only the functions that the tree's nodes use; row 0 is the whole. */
function writeFrames(
  tree: CallTree,
  nodes: readonly number[],
): Pick<FlameData, "name" | "file" | "origin" | "tint" | "frame"> {
  const rows = new Map<number, number>([[0, 0]]);
  const frame = nodes.map((node) => {
    const row = tree.frame[node]!;
    const known = rows.get(row) ?? rows.size;
    rows.set(row, known);
    return known;
  });
  const used = [...rows.keys()];
  const nameOf = (row: number): string => (row === 0 ? "all" : tree.frames.name[row]!);
  const fileOf = (row: number): string => tree.frames.file[row]!;
  return {
    frame,
    name: used.map((row) => showControls(nameOf(row))),
    file: used.map((row) => showControls(fileOf(row))),
    origin: used.map((row) =>
      row === 0 ? 3 : FRAME_ORIGINS.indexOf(originOf(nameOf(row), fileOf(row))),
    ),
    tint: used.map((row) => Math.round(tintOf(packageOf(nameOf(row), fileOf(row))) * 100) / 100),
  };
}

/** The data of a tree that is small enough to ship; `hidden` nodes were pruned from it. */
export function writeFlameData(tree: CallTree, hidden: number): FlameData {
  const { nodes, level } = orderNodes(tree);
  const column = (values: Float64Array): number[] => nodes.map((node) => values[node]!);
  const before = isDiff(tree)
    ? { totalBefore: column(tree.totalBefore), selfBefore: column(tree.selfBefore) }
    : {};
  return {
    title: "",
    type: showControls(tree.sampleType.type),
    unit: showControls(tree.sampleType.unit),
    root: tree.root,
    ...writeFrames(tree, nodes),
    level,
    total: column(tree.total),
    self: column(tree.self),
    ...before,
    hidden,
  };
}

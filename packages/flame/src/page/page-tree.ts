/** Trees in the page: laid out, flattened to a table, turned into callers and callees. */
import type { PageNodes, PageTree, TableRow } from "./flame-page.ts";

/** Finds parents, subtree ends and the width of every node of a preorder list. */
function layOutTree(nodes: PageNodes): PageTree {
  const count = nodes.level.length;
  const parent = new Int32Array(count).fill(-1);
  const end = new Int32Array(count);
  const width = new Float64Array(count);
  const open: number[] = [];
  let depthMax = 0;
  for (let node = 0; node < count; node++) {
    const level = nodes.level[node]!;
    open.length = level;
    if (level > 0) parent[node] = open[level - 1]!;
    open.push(node);
    if (level > depthMax) depthMax = level;
  }
  for (let node = count - 1; node >= 0; node--) {
    end[node] = Math.max(end[node]!, node + 1);
    const own = Math.max(nodes.self[node]!, nodes.selfBefore?.[node] ?? 0, 0);
    const most = Math.max(nodes.total[node]!, nodes.totalBefore?.[node] ?? 0);
    width[node] = Math.max(width[node]! + own, most);
    const above = parent[node]!;
    if (above < 0) continue;
    width[above]! += width[node]!;
    end[above] = Math.max(end[above]!, end[node]!);
  }
  const left = placeNodes(parent, width);
  const { level, frame, total, self, totalBefore } = nodes;
  return { count, level, frame, parent, end, total, self, totalBefore, left, width, depthMax };
}

/** Left edges, siblings side by side; widths become fractions of the root's. */
function placeNodes(parent: Int32Array, width: Float64Array): Float64Array {
  const whole = width[0]! || 1;
  const left = new Float64Array(width.length);
  const next = new Float64Array(width.length);
  for (let node = 0; node < width.length; node++) {
    width[node]! /= whole;
    const above = parent[node]!;
    if (above >= 0) {
      left[node] = next[above]!;
      next[above]! += width[node]!;
    }
    next[node] = left[node]!;
  }
  return left;
}

/** Self and total per function; a function that is on a stack twice counts once. */
function listRows(tree: PageTree, nodes: PageNodes, frames: number): TableRow[] {
  const sums = Array.from({ length: frames }, (_, frame) => ({
    frame,
    self: 0,
    total: 0,
    selfBefore: 0,
    totalBefore: 0,
  }));
  const closesAt = new Int32Array(frames);
  for (let node = 1; node < tree.count; node++) {
    const frame = tree.frame[node]!;
    const row = sums[frame]!;
    row.self += tree.self[node]!;
    row.selfBefore += nodes.selfBefore?.[node] ?? 0;
    // Preorder: still inside an outer call of the same function.
    if (node < closesAt[frame]!) continue;
    closesAt[frame] = tree.end[node]!;
    row.total += tree.total[node]!;
    row.totalBefore += nodes.totalBefore?.[node] ?? 0;
  }
  return sums.filter((row) => row.total !== 0 || row.totalBefore !== 0);
}

interface Gathered {
  frame: number;
  total: number;
  self: number;
  totalBefore: number;
  selfBefore: number;
  children: Map<number, Gathered>;
}

function gatherNode(frame: number): Gathered {
  return { frame, total: 0, self: 0, totalBefore: 0, selfBefore: 0, children: new Map() };
}

function gatherChild(parent: Gathered, frame: number): Gathered {
  let child = parent.children.get(frame);
  if (!child) parent.children.set(frame, (child = gatherNode(frame)));
  return child;
}

/** Writes a gathered tree down in preorder, children largest first. */
function flatten(root: Gathered, isDiff: boolean): PageNodes {
  const flat = { level: [] as number[], frame: [] as number[], total: [] as number[] };
  const more = { self: [] as number[], totalBefore: [] as number[], selfBefore: [] as number[] };
  const open: [Gathered, number][] = [[root, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, level] = next;
    flat.level.push(level);
    flat.frame.push(node.frame);
    flat.total.push(node.total);
    more.self.push(node.self);
    more.totalBefore.push(node.totalBefore);
    more.selfBefore.push(node.selfBefore);
    const children = [...node.children.values()].sort((a, b) => a.total - b.total);
    for (const child of children) open.push([child, level + 1]);
  }
  return isDiff ? { ...flat, ...more } : { ...flat, self: more.self };
}

/** What a function calls: all its subtrees, laid over one another at their outermost calls. */
function gatherCallees(tree: PageTree, nodes: PageNodes, frame: number): PageNodes {
  const root = gatherNode(frame);
  for (let top = 1; top < tree.count;) {
    if (tree.frame[top] !== frame) {
      top++;
      continue;
    }
    const open: Gathered[] = [];
    for (let node = top; node < tree.end[top]!; node++) {
      const depth = tree.level[node]! - tree.level[top]!;
      const into = depth === 0 ? root : gatherChild(open[depth - 1]!, tree.frame[node]!);
      open[depth] = into;
      into.total += tree.total[node]!;
      into.self += tree.self[node]!;
      into.totalBefore += nodes.totalBefore?.[node] ?? 0;
      into.selfBefore += nodes.selfBefore?.[node] ?? 0;
    }
    top = tree.end[top]!;
  }
  return flatten(root, nodes.totalBefore !== undefined);
}

/** What calls a function: the paths up from its outermost calls, laid over one another. */
function gatherCallers(tree: PageTree, nodes: PageNodes, frame: number): PageNodes {
  const root = gatherNode(frame);
  for (let top = 1; top < tree.count;) {
    if (tree.frame[top] !== frame) {
      top++;
      continue;
    }
    let into = root;
    for (let node = top; node > 0; node = tree.parent[node]!) {
      if (node !== top) into = gatherChild(into, tree.frame[node]!);
      into.total += tree.total[top]!;
      into.totalBefore += nodes.totalBefore?.[top] ?? 0;
    }
    into.self += tree.total[top]!;
    into.selfBefore += nodes.totalBefore?.[top] ?? 0;
    top = tree.end[top]!;
  }
  return flatten(root, nodes.totalBefore !== undefined);
}

/** This part, for the page. */
export const TREE_PART: readonly ((...args: never[]) => unknown)[] = [
  layOutTree,
  placeNodes,
  listRows,
  gatherNode,
  gatherChild,
  flatten,
  gatherCallees,
  gatherCallers,
];

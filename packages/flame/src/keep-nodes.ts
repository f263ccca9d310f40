/** Cuts a tree down to some of its nodes. */
import { isDiff, linkChildren, NO_NODE, type CallTree } from "./call-tree.ts";

/** The kept part of a column. */
function pick(column: Float64Array, kept: readonly number[]): Float64Array {
  const picked = new Float64Array(kept.length);
  kept.forEach((node, at) => (picked[at] = column[node]!));
  return picked;
}

/**
 * The tree of the nodes with `keep[node] === 1`, columns as they were. A node below one that
 * is not kept goes too; the root always stays.
 */
export function keepNodes<T extends CallTree>(tree: T, keep: Uint8Array): T {
  const newNode = new Int32Array(tree.nodeCount).fill(NO_NODE);
  newNode[0] = 0;
  const kept = [0];
  for (let node = 1; node < tree.nodeCount; node++) {
    if (keep[node] !== 1 || newNode[tree.parent[node]!] === NO_NODE) continue;
    newNode[node] = kept.length;
    kept.push(node);
  }
  const parent = Int32Array.from(kept, (node) =>
    node === 0 ? NO_NODE : newNode[tree.parent[node]!]!,
  );
  const before = isDiff(tree)
    ? { selfBefore: pick(tree.selfBefore, kept), totalBefore: pick(tree.totalBefore, kept) }
    : {};
  return {
    ...tree,
    nodeCount: kept.length,
    parent,
    frame: Uint32Array.from(kept, (node) => tree.frame[node]!),
    ...linkChildren(parent),
    self: pick(tree.self, kept),
    total: pick(tree.total, kept),
    ...before,
  };
}

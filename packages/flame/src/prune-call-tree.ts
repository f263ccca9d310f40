/** Leaves out what is too small to see, so that a drawing is bounded. */
import { isDiff, type CallTree } from "./call-tree.ts";
import { keepNodes } from "./keep-nodes.ts";

export interface PruneOptions {
  /** Nodes below this fraction of the root's total go. Default 0. */
  readonly fractionMin?: number;
  /** Most nodes to keep, the largest ones. Default 50,000. */
  readonly nodesMax?: number;
}

/** How much a node matters to a reader: its larger side, for a diff. */
function weights(tree: CallTree): Float64Array {
  const before = isDiff(tree) ? tree.totalBefore : undefined;
  return tree.total.map((total, node) => Math.max(Math.abs(total), Math.abs(before?.[node] ?? 0)));
}

/**
 * Drops the smallest nodes. Values of what stays are untouched, so a parent's total may
 * exceed the sum of its remaining children: the gap is what was dropped. No node outweighs
 * its ancestors when values share a sign, so what is kept is connected.
 */
export function pruneCallTree<T extends CallTree>(tree: T, options: PruneOptions = {}): T {
  const { fractionMin = 0, nodesMax = 50_000 } = options;
  const weight = weights(tree);
  let threshold = fractionMin * weight[0]!;
  const keep = new Uint8Array(tree.nodeCount);
  if (tree.nodeCount > nodesMax) {
    threshold = Math.max(threshold, weight.slice().sort()[tree.nodeCount - nodesMax]!);
  }
  let room = nodesMax;
  for (let node = 0; node < tree.nodeCount; node++) {
    if (weight[node]! > threshold) room--;
  }
  for (let node = 0; node < tree.nodeCount; node++) {
    if (weight[node]! > threshold) keep[node] = 1;
    // As many of the ones at the threshold as there is room for.
    else if (weight[node] === threshold && room-- > 0) keep[node] = 1;
  }
  return keepNodes(tree, keep);
}

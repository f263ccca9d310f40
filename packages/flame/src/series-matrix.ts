/** A series of call trees as one tree with a row of values per node. */
import type { CallTree } from "./call-tree.ts";
import { FlameError } from "./errors.ts";
import { alignCallTrees } from "./merge-call-trees.ts";
import { pruneCallTree } from "./prune-call-tree.ts";
import type { GrowthMatrix } from "./test-growth.ts";

export interface SeriesBounds {
  /** Nodes that never reach this fraction of the largest capture are left out. Default 0.001. */
  readonly fractionMin?: number;
  /** Most nodes to follow, the largest at their peak. Default 50,000. */
  readonly nodesMax?: number;
}

/** The captures of one profile of one target, oldest first. */
export interface TreeSeries {
  /** Values of {@link TreeSeries.tree} are each node's largest over the captures. */
  readonly tree: CallTree;
  /** Totals of the tree's nodes by capture. */
  readonly totals: GrowthMatrix;
}

/** Largest total of every node of the union over all captures. */
function findPeaks(
  trees: readonly CallTree[],
  nodeOf: readonly Int32Array[],
  nodeCount: number,
): Float64Array {
  const peak = new Float64Array(nodeCount);
  trees.forEach((tree, capture) => {
    const nodes = nodeOf[capture]!;
    for (let node = 0; node < tree.nodeCount; node++) {
      peak[nodes[node]!] = Math.max(peak[nodes[node]!]!, tree.total[node]!);
    }
  });
  return peak;
}

/** Follows every node through the series. Throws `WT_FLAME_MIXED_TREES` or `…_SERIES_MISMATCH`. */
export function followTrees(trees: readonly CallTree[], bounds: SeriesBounds = {}): TreeSeries {
  const { fractionMin = 0.001, nodesMax = 50_000 } = bounds;
  const first = trees[0];
  if (!first) throw new FlameError("WT_FLAME_SERIES_MISMATCH", "it is empty");
  const largest = trees.reduce((largest, tree) => Math.max(largest, tree.total[0]!), 0);
  // Half the bound here: a node that is small in one capture may be large in the next.
  const pruned = trees.map((tree) => {
    const fraction = (fractionMin * largest) / 2 / Math.max(tree.total[0]!, 1);
    return pruneCallTree(tree, { fractionMin: Math.min(1, fraction), nodesMax });
  });
  const { nodeOf, ...nodes } = alignCallTrees(pruned);
  const { nodeCount } = nodes;
  const peak = findPeaks(pruned, nodeOf, nodeCount);
  const { sampleType, root } = first;
  // The union's own row numbers ride along as self values, to find the kept nodes again.
  const rows = Float64Array.from(peak, (_, node) => node);
  const union = { ...nodes, self: rows, total: peak, sampleType, root, cutSamples: 0 };
  const tree = pruneCallTree(union, { nodesMax });
  const captures = trees.length;
  const rowOf = new Int32Array(nodeCount).fill(-1);
  tree.self.forEach((node, row) => (rowOf[node] = row));
  const values = new Float64Array(tree.nodeCount * captures);
  pruned.forEach(({ total }, capture) => {
    for (let node = 0; node < total.length; node++) {
      const row = rowOf[nodeOf[capture]![node]!]!;
      if (row >= 0) values[row * captures + capture] = total[node]!;
    }
  });
  return {
    tree: { ...tree, self: new Float64Array(tree.nodeCount) },
    totals: { captures, nodes: tree.nodeCount, values },
  };
}

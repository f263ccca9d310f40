/** Lays trees over one another: the sum of many, or the difference of two. */
import type { CallTree, CallTreeDiff, FrameTable } from "./call-tree.ts";
import { FlameError } from "./errors.ts";
import { FrameInterner } from "./frame-interner.ts";
import { NodeIndex, type IndexedNodes } from "./node-index.ts";

/** The union of several trees' nodes, and where each tree's nodes went. */
export interface AlignedTrees extends IndexedNodes {
  readonly frames: FrameTable;
  /** For every tree, the union's node of each of its nodes. */
  readonly nodeOf: readonly Int32Array[];
}

/** Refuses to add bytes to objects, or callers to callees. */
function requireAlike(trees: readonly CallTree[]): CallTree {
  const first = trees[0];
  if (!first) throw new FlameError("WT_FLAME_MIXED_TREES", "there is none");
  for (const tree of trees) {
    if (tree.root !== first.root) {
      throw new FlameError("WT_FLAME_MIXED_TREES", `roots ${first.root} and ${tree.root}`);
    }
    const [one, other] = [first.sampleType, tree.sampleType];
    if (one.type !== other.type || one.unit !== other.unit) {
      const what = `sample types ${one.type}/${one.unit} and ${other.type}/${other.unit}`;
      throw new FlameError("WT_FLAME_MIXED_TREES", what);
    }
  }
  return first;
}

/** Maps the nodes of trees onto one tree that holds them all. Throws `WT_FLAME_MIXED_TREES`. */
export function alignCallTrees(trees: readonly CallTree[]): AlignedTrees {
  requireAlike(trees);
  const interner = new FrameInterner();
  const index = new NodeIndex();
  const nodeOf = trees.map((tree) => {
    const rows = interner.adopt(tree.frames);
    const nodes = new Int32Array(tree.nodeCount);
    for (let node = 1; node < tree.nodeCount; node++) {
      nodes[node] = index.childOf(nodes[tree.parent[node]!]!, rows[tree.frame[node]!]!);
    }
    return nodes;
  });
  return { ...index.finish(), frames: interner.finish(), nodeOf };
}

/** Adds one column of a tree into a column of the union. */
function addColumn(into: Float64Array, nodeOf: Int32Array, values: Float64Array): void {
  for (let node = 0; node < values.length; node++) into[nodeOf[node]!]! += values[node]!;
}

/**
 * The sum of trees of one sample type and root, e.g. of many hosts or captures.
 * Throws `WT_FLAME_MIXED_TREES`.
 */
export function mergeCallTrees(trees: readonly CallTree[]): CallTree {
  const { sampleType, root } = requireAlike(trees);
  const { nodeOf, ...nodes } = alignCallTrees(trees);
  const self = new Float64Array(nodes.nodeCount);
  const total = new Float64Array(nodes.nodeCount);
  trees.forEach((tree, at) => {
    addColumn(self, nodeOf[at]!, tree.self);
    addColumn(total, nodeOf[at]!, tree.total);
  });
  const cutSamples = trees.reduce((sum, tree) => sum + tree.cutSamples, 0);
  return { ...nodes, self, total, sampleType, root, cutSamples };
}

/**
 * Both trees' values on the union of their nodes: `total - totalBefore` is the growth of a
 * stack, negative where it shrank. Throws `WT_FLAME_MIXED_TREES`.
 */
export function diffCallTrees(before: CallTree, after: CallTree): CallTreeDiff {
  const { sampleType, root } = requireAlike([before, after]);
  const { nodeOf, ...nodes } = alignCallTrees([before, after]);
  const spread = (tree: 0 | 1, values: Float64Array): Float64Array => {
    const column = new Float64Array(nodes.nodeCount);
    addColumn(column, nodeOf[tree]!, values);
    return column;
  };
  return {
    ...nodes,
    self: spread(1, after.self),
    total: spread(1, after.total),
    selfBefore: spread(0, before.self),
    totalBefore: spread(0, before.total),
    sampleType,
    root,
    cutSamples: before.cutSamples + after.cutSamples,
  };
}

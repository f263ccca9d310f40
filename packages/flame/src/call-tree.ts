/**
 * The call tree: every distinct stack of a profile, once, with the values of the
 * samples that ran through it. Columns, not objects: a million nodes are six typed arrays.
 */
import type { ValueType } from "@watertight/profile";

/** No node: the parent of the root, the child of a leaf, the sibling of a last child. */
export const NO_NODE = -1;

/** The distinct functions of a tree. Row 0 is the root, which is no function. */
export interface FrameTable {
  readonly count: number;
  readonly name: readonly string[];
  /** Source file, `""` when unknown. */
  readonly file: readonly string[];
}

/** Which end of a stack the tree grows from. */
export type TreeRoot =
  /** Outermost callers below the root: the classic flame graph. */
  | "callers"
  /** Leaf functions below the root, then who called them: "who allocates through here?" */
  | "callees";

/**
 * A call tree. Node 0 is the root; a parent always has a smaller index than its children,
 * so that one backward scan adds up children before their parents.
 *
 * Values are doubles: sums are exact while they stay within ±2^53 (8 PiB, or 104 days of
 * nanoseconds); beyond that they are off by less than one part in 2^52.
 */
export interface CallTree {
  readonly nodeCount: number;
  /** {@link NO_NODE} for the root. */
  readonly parent: Int32Array;
  /** Row of {@link CallTree.frames}. */
  readonly frame: Uint32Array;
  /** {@link NO_NODE} for a leaf. */
  readonly firstChild: Int32Array;
  /** {@link NO_NODE} for a last child. */
  readonly nextSibling: Int32Array;
  /** Value of the samples that end here. */
  readonly self: Float64Array;
  /** Value of the samples that pass through or end here. Pruning keeps it. */
  readonly total: Float64Array;
  readonly frames: FrameTable;
  readonly sampleType: ValueType;
  readonly root: TreeRoot;
  /** Samples that end further out than their stack does, because the tree was full. */
  readonly cutSamples: number;
}

/** Two trees over one another: `self` and `total` are the later tree's values. */
export interface CallTreeDiff extends CallTree {
  readonly selfBefore: Float64Array;
  readonly totalBefore: Float64Array;
}

/** Whether a tree carries the values of an earlier one. */
export function isDiff(tree: CallTree): tree is CallTreeDiff {
  return "totalBefore" in tree;
}

/** Function names from the root's child down to `node`. Empty for the root. */
export function pathOf(tree: CallTree, node: number): readonly string[] {
  return readPath(tree, node, tree.frames.name);
}

/** Their source files. */
export function filesOf(tree: CallTree, node: number): readonly string[] {
  return readPath(tree, node, tree.frames.file);
}

function readPath(tree: CallTree, node: number, column: readonly string[]): readonly string[] {
  const path: string[] = [];
  for (let at = node; at > 0; at = tree.parent[at]!) path.push(column[tree.frame[at]!]!);
  return path.reverse();
}

/**
 * Children of `node`, largest first by `weight` (the total, unless told); names break ties so
 * that drawings are stable.
 */
export function listChildren(
  tree: CallTree,
  node: number,
  weight: Float64Array = tree.total,
): number[] {
  const children: number[] = [];
  for (let at = tree.firstChild[node]!; at !== NO_NODE; at = tree.nextSibling[at]!) {
    children.push(at);
  }
  const nameOf = (child: number): string => tree.frames.name[tree.frame[child]!]!;
  return children.sort((a, b) => weight[b]! - weight[a]! || (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Links children to parents. `parent[i] < i` for every node but the root. */
export function linkChildren(parent: Int32Array): {
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
} {
  const firstChild = new Int32Array(parent.length).fill(NO_NODE);
  const nextSibling = new Int32Array(parent.length).fill(NO_NODE);
  for (let node = parent.length - 1; node > 0; node--) {
    const above = parent[node]!;
    nextSibling[node] = firstChild[above]!;
    firstChild[above] = node;
  }
  return { firstChild, nextSibling };
}

/** Adds every node's self value into all of its ancestors. */
export function sumTotals(parent: Int32Array, self: Float64Array): Float64Array {
  const total = self.slice();
  for (let node = parent.length - 1; node > 0; node--) {
    total[parent[node]!]! += total[node]!;
  }
  return total;
}

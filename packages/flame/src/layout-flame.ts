/** From a tree to rectangles. */
import { isDiff, listChildren, type CallTree } from "./call-tree.ts";

export interface LayoutOptions {
  /** Width of the whole drawing. Default 1200. */
  readonly widthPx?: number;
  /** Frames narrower than this are left out, with all below them. Default 0.5. */
  readonly minWidthPx?: number;
  /** Most frames to place, breadth first. Default 20,000. */
  readonly framesMax?: number;
}

/** One rectangle a row, parents before children. Row 0 is the whole. */
export interface FlameLayout {
  readonly tree: CallTree;
  readonly widthPx: number;
  readonly count: number;
  readonly node: Int32Array;
  readonly depth: Int32Array;
  readonly x: Float64Array;
  readonly width: Float64Array;
  readonly depthMax: number;
  /** Frames that were too narrow or too many. */
  readonly hidden: number;
}

/**
 * How wide a node is. A plain node is as wide as its total. In a diff it is wide enough to
 * show both what came and what went: the larger side of every self value, added up.
 */
export function weighNodes(tree: CallTree): Float64Array {
  const diff = isDiff(tree) ? tree : undefined;
  const weight = tree.self.map((self, node) => Math.max(self, diff?.selfBefore[node] ?? 0, 0));
  for (let node = tree.nodeCount - 1; node >= 0; node--) {
    const most = Math.max(tree.total[node]!, diff?.totalBefore[node] ?? 0);
    // More than its children only where those were pruned.
    if (most > weight[node]!) weight[node] = most;
    if (node > 0) weight[tree.parent[node]!]! += weight[node]!;
  }
  return weight;
}

/** Places frames, largest first from the left, until they are too narrow to see. */
export function layoutFlame(tree: CallTree, options: LayoutOptions = {}): FlameLayout {
  const { widthPx = 1200, minWidthPx = 0.5, framesMax = 20_000 } = options;
  const weight = weighNodes(tree);
  const scale = weight[0]! > 0 ? widthPx / weight[0]! : 0;
  const node = [0];
  const depth = [0];
  const x = [0];
  const width = [widthPx];
  for (let row = 0; row < node.length; row++) {
    let left = x[row]!;
    for (const child of listChildren(tree, node[row]!, weight)) {
      const childWidth = weight[child]! * scale;
      if (childWidth >= minWidthPx && node.length < framesMax) {
        node.push(child);
        depth.push(depth[row]! + 1);
        x.push(left);
        width.push(childWidth);
      }
      left += childWidth;
    }
  }
  return {
    tree,
    widthPx,
    count: node.length,
    node: Int32Array.from(node),
    depth: Int32Array.from(depth),
    x: Float64Array.from(x),
    width: Float64Array.from(width),
    depthMax: depth.at(-1)!,
    hidden: tree.nodeCount - node.length,
  };
}

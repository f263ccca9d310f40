/** The flat list of `go tool pprof -top`: what each function costs by itself and with its callees. */
import { NO_NODE, type CallTree, type FrameTable } from "./call-tree.ts";

export interface TopFunction {
  readonly name: string;
  readonly file: string;
  /** Value of the samples whose leaf it is. */
  readonly flat: number;
  /** Value of the samples that it is on the stack of; a recursive sample counts once. */
  readonly cum: number;
}

/**
 * Adds each node's total to its function, unless the function is already further up the
 * same stack. Walks without recursion, so that a stack of any depth is fine.
 */
function sumOncePerStack(tree: CallTree): Float64Array {
  const { frame, firstChild, nextSibling, parent, total } = tree;
  const cum = new Float64Array(tree.frames.count);
  const open = new Int32Array(tree.frames.count);
  let node = firstChild[0]!;
  while (node > 0) {
    const row = frame[node]!;
    if (open[row]!++ === 0) cum[row]! += total[node]!;
    if (firstChild[node] !== NO_NODE) {
      node = firstChild[node]!;
      continue;
    }
    open[row]!--;
    while (node > 0 && nextSibling[node] === NO_NODE) {
      node = parent[node]!;
      if (node > 0) open[frame[node]!]!--;
    }
    if (node > 0) node = nextSibling[node]!;
  }
  return cum;
}

/** Leaf values by function: self values, or what hangs off the root when leaves come first. */
function sumLeaves(tree: CallTree): Float64Array {
  const flat = new Float64Array(tree.frames.count);
  for (let node = 1; node < tree.nodeCount; node++) {
    const row = tree.frame[node]!;
    if (tree.root === "callers") flat[row]! += tree.self[node]!;
    else if (tree.parent[node] === 0) flat[row]! += tree.total[node]!;
  }
  return flat;
}

/** Every function of the tree, largest flat value first, then largest cum, then by name. */
export function listTopFunctions(tree: CallTree): readonly TopFunction[] {
  return rankTopFunctions(tree.frames, sumLeaves(tree), sumOncePerStack(tree));
}

/** Ranks functions by their values, which are by row of the frames; those without any are left out. */
export function rankTopFunctions(
  frames: FrameTable,
  flat: Float64Array,
  cum: Float64Array,
): readonly TopFunction[] {
  const top: TopFunction[] = [];
  for (let row = 1; row < frames.count; row++) {
    if (flat[row] === 0 && cum[row] === 0) continue;
    const name = frames.name[row]!;
    top.push({ name, file: frames.file[row]!, flat: flat[row]!, cum: cum[row]! });
  }
  return top.sort((a, b) => b.flat - a.flat || b.cum - a.cum || (a.name < b.name ? -1 : 1));
}

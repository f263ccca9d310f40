/** Keeps or drops stacks by the functions on them. */
import { isDiff, NO_NODE, sumTotals, type CallTree } from "./call-tree.ts";
import { FlameError } from "./errors.ts";
import { keepNodes } from "./keep-nodes.ts";

export interface FilterOptions {
  /** Keep only stacks that have a function matching this: plain text, or a RegExp. */
  readonly focus?: string | RegExp;
  /** Drop stacks that have a function matching this: plain text, or a RegExp. */
  readonly ignore?: string | RegExp;
}

/** Reads what a user typed: `/…/` is a regular expression. Throws `WT_FLAME_BAD_PATTERN`. */
export function readPattern(text: string): string | RegExp {
  if (text.length < 3 || !text.startsWith("/") || !text.endsWith("/")) return text;
  try {
    return new RegExp(text.slice(1, -1), "u");
  } catch {
    throw new FlameError("WT_FLAME_BAD_PATTERN", text);
  }
}

/** One flag per frame: does its name match? */
function matchFrames(tree: CallTree, pattern: string | RegExp): Uint8Array {
  return Uint8Array.from(tree.frames.name, (name, row) => {
    if (row === 0) return 0;
    return (typeof pattern === "string" ? name.includes(pattern) : name.search(pattern) >= 0)
      ? 1
      : 0;
  });
}

/** One flag per node: is a matching function on its stack, itself included? */
function matchStacks(tree: CallTree, pattern: string | RegExp): Uint8Array {
  const matching = matchFrames(tree, pattern);
  const flags = new Uint8Array(tree.nodeCount);
  for (let node = 1; node < tree.nodeCount; node++) {
    flags[node] = matching[tree.frame[node]!]! | flags[tree.parent[node]!]!;
  }
  return flags;
}

/** Self values with the dropped stacks' set to zero. */
function maskSelf(self: Float64Array, focus?: Uint8Array, ignore?: Uint8Array): Float64Array {
  return self.map((value, node) => (focus?.[node] === 0 || ignore?.[node] === 1 ? 0 : value));
}

/**
 * The tree of the stacks that pass the filter; totals are those of what is left, and nodes
 * that only dropped stacks ran through are gone.
 */
export function filterCallTree<T extends CallTree>(tree: T, options: FilterOptions): T {
  const focus = options.focus === undefined ? undefined : matchStacks(tree, options.focus);
  const ignore = options.ignore === undefined ? undefined : matchStacks(tree, options.ignore);
  if (!focus && !ignore) return tree;
  const keep = new Uint8Array(tree.nodeCount);
  for (let node = tree.nodeCount - 1; node > 0; node--) {
    const passes = focus?.[node] !== 0 && ignore?.[node] !== 1;
    const holdsSelf = tree.self[node] !== 0 || (isDiff(tree) && tree.selfBefore[node] !== 0);
    if ((passes && (holdsSelf || tree.firstChild[node] === NO_NODE)) || keep[node] === 1) {
      keep[node] = 1;
      keep[tree.parent[node]!] = 1;
    }
  }
  const self = maskSelf(tree.self, focus, ignore);
  const filtered = { ...tree, self, total: sumTotals(tree.parent, self) };
  if (!isDiff(tree)) return keepNodes(filtered, keep);
  const selfBefore = maskSelf(tree.selfBefore, focus, ignore);
  return keepNodes(
    { ...filtered, selfBefore, totalBefore: sumTotals(tree.parent, selfBefore) },
    keep,
  );
}

/**
 * A leak makes every one of its callers grow. Which node is it? And does it stand alone, or
 * does it lift everything above it?
 */
import { NO_NODE, type CallTree } from "./call-tree.ts";

/** What is known of every node's growth. */
export interface GrowthField {
  readonly tree: CallTree;
  readonly isGrowing: (node: number) => boolean;
  /** Whether a node still grows once what these nodes hold is taken out of it. */
  readonly growsBeyond: (node: number, without: readonly number[]) => boolean;
  /** Value at the end less value at the start. */
  readonly rise: (node: number) => number;
  /** Value in the last captures. */
  readonly level: (node: number) => number;
}

/** More growing callees than this are one widening base, unless one of them stands out. */
const SOURCES_MAX = 3;
/** Part of a node's rise that makes a callee stand out. */
const STANDS_OUT_MIN = 0.5;
/** Part of its caller's value that a node holds while they are one column. */
const COLUMN_MIN = 0.75;
/** Part of its column's value that the heaviest chain of a tower holds. */
const CONCENTRATION_MIN = 0.75;
/** How many times its largest sibling a tower is. */
const SIBLING_RATIO_MIN = 2;

function childrenOf(tree: CallTree, node: number): number[] {
  const children: number[] = [];
  for (let at = tree.firstChild[node]!; at !== NO_NODE; at = tree.nextSibling[at]!)
    children.push(at);
  return children;
}

/** For every growing node, the nearest growing nodes below it: what lies between them may shrink meanwhile. */
function findNearestGrowing(field: GrowthField): ReadonlyMap<number, readonly number[]> {
  const { tree, isGrowing } = field;
  const below = new Map<number, number[]>();
  const above = new Int32Array(tree.nodeCount).fill(NO_NODE);
  for (let node = 0; node < tree.nodeCount; node++) {
    const parent = tree.parent[node]!;
    if (node > 0) above[node] = below.has(parent) ? parent : above[parent]!;
    if (!isGrowing(node)) continue;
    below.set(node, []);
    below.get(above[node]!)?.push(node);
  }
  return below;
}

/**
 * The nodes that growth comes from. A node hands its growth down to the nearest nodes below it
 * that grow, unless they are many and none of them stands out: then it is the base that widens.
 * It is named beside them when it grows without them as well.
 */
export function findSources(field: GrowthField): number[] {
  const { tree, rise } = field;
  const sources: number[] = [];
  const covered = new Uint8Array(tree.nodeCount);
  const nearest = findNearestGrowing(field);
  for (let node = 0; node < tree.nodeCount; node++) {
    if (node > 0 && covered[tree.parent[node]!] === 1) covered[node] = 1;
    const growing = nearest.get(node);
    if (covered[node] === 1 || growing === undefined) continue;
    const most = growing.reduce((most, child) => Math.max(most, rise(child)), 0);
    const isSpread = growing.length > SOURCES_MAX && most < STANDS_OUT_MIN * rise(node);
    if (isSpread) covered[node] = 1;
    if (growing.length === 0 || isSpread || field.growsBeyond(node, growing)) sources.push(node);
  }
  return sources.sort((a, b) => rise(b) - rise(a) || a - b);
}

/** A column that stands out. */
export interface Tower {
  /** Its lowest node: the first that makes up most of no single caller. */
  readonly column: number;
  /** Its value over its largest sibling's; Infinity when it has none. */
  readonly siblingRatio: number;
  /** Part of its value that one chain holds. */
  readonly concentration: number;
}

/** Follows the callee that rises by more than half of what its caller does, for as long as there is one. */
export function followRise({ tree, rise }: GrowthField, node: number): number {
  let tip = node;
  for (;;) {
    const above = rise(tip);
    const next = childrenOf(tree, tip).find((child) => rise(child) > above / 2);
    if (next === undefined) return tip;
    tip = next;
  }
}

/** The heaviest chain below a node. */
export interface HeaviestChain {
  /** Its last node: where most of the value is, or from where on it is spread. */
  readonly tip: number;
  /** What of the last node's value is not its callees'. */
  readonly held: number;
}

/** Follows the callee that holds at least half of its caller, for as long as there is one. */
export function followHeaviest(field: GrowthField, from: number): HeaviestChain {
  const { tree, level } = field;
  let tip = from;
  for (;;) {
    const children = childrenOf(tree, tip);
    const heaviest = children.reduce(
      (best, child) => (best < 0 || level(child) > level(best) ? child : best),
      -1,
    );
    const spread = children.reduce((sum, child) => sum + level(child), 0);
    // Most of it is the node's own, or is spread over its callees.
    if (heaviest < 0 || level(heaviest) < level(tip) / 2) {
      const beside = heaviest < 0 ? 0 : spread;
      return { tip, held: level(tip) - beside };
    }
    tip = heaviest;
  }
}

/** Tells whether a source's growth is one column, far larger than its siblings. */
export function findTower(
  field: GrowthField,
  source: number,
  { held }: HeaviestChain,
): Tower | undefined {
  const { tree, level } = field;
  let column = source;
  while (
    column > 0 &&
    tree.parent[column]! > 0 &&
    level(column) >= COLUMN_MIN * level(tree.parent[column]!)
  ) {
    column = tree.parent[column]!;
  }
  if (column === 0) return undefined;
  const siblings = childrenOf(tree, tree.parent[column]!).filter((node) => node !== column);
  const largest = siblings.reduce((largest, node) => Math.max(largest, level(node)), 0);
  const siblingRatio = largest > 0 ? level(column) / largest : Infinity;
  const concentration = level(column) > 0 ? held / level(column) : 0;
  if (siblingRatio < SIBLING_RATIO_MIN || concentration < CONCENTRATION_MIN) return undefined;
  return { column, siblingRatio, concentration };
}

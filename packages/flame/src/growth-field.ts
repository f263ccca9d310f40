/** Which nodes of a series grow, for finding where the growth comes from. */
import type { GrowthField } from "./growth-source.ts";
import type { LoadControl } from "./load-control.ts";
import { isLarge, rowOf, type Study } from "./shape-study.ts";
import { examineGrowth, measureEnds } from "./test-growth.ts";

/** Part of a node's rise that has to be its own for it to be named beside its callees. */
const BEYOND_MIN = 0.25;
/** Part of its caller's rise that makes a callee the one to look at next. */
const HANDED_DOWN_MIN = 0.5;

/** A node's values without those of some of its callees. */
function subtract(study: Study, node: number, without: readonly number[]): Float64Array {
  const rest = rowOf(study, node).slice();
  for (const other of without) {
    rowOf(study, other).forEach((value, capture) => (rest[capture]! -= value));
  }
  return rest;
}

/**
 * The nodes that grow: those believed among all nodes, and below each of them the callees that hold most of
 * its rise and would be believed alone. Once their caller is known to grow, they need not hold their own
 * against the whole profile any more (D. Yekutieli, Journal of the American Statistical Association 103, 2008).
 */
function markGrowing(study: Study, alpha: number): Uint8Array {
  const { ends, series, test } = study;
  const { nodeCount, parent } = series.tree;
  const growing = new Uint8Array(nodeCount);
  const rise = (node: number): number => ends(node).to - ends(node).from;
  for (let node = 0; node < nodeCount; node++) {
    const caller = parent[node]!;
    const isBelieved =
      test.verdictOf(node) === "growing" ||
      (test.pValue[node]! <= alpha &&
        growing[caller] === 1 &&
        rise(node) >= HANDED_DOWN_MIN * rise(caller));
    if (isBelieved && isLarge(study, ends(node).from, ends(node).to)) growing[node] = 1;
  }
  return growing;
}

/** The nodes that grow, for finding where the growth comes from. */
export function readField(
  study: Study,
  control: LoadControl | undefined,
  alpha: number,
): GrowthField {
  const { ends, series } = study;
  const rise = (node: number): number => ends(node).to - ends(node).from;
  const growing = markGrowing(study, alpha);
  return {
    tree: series.tree,
    isGrowing: (node) => growing[node] === 1,
    growsBeyond: (node, without) => {
      const values = subtract(study, node, without);
      const { from, to } = measureEnds({ captures: values.length, nodes: 1, values }, 0);
      if (!isLarge(study, from, to) || to - from < BEYOND_MIN * rise(node)) return false;
      return examineGrowth(values, control, alpha).verdict === "growing";
    },
    rise,
    level: (node) => ends(node).to,
  };
}

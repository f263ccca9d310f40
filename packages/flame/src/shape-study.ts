/** What everybody who looks for shapes in one series shares. */
import { filesOf, pathOf } from "./call-tree.ts";
import type { TreeSeries } from "./series-matrix.ts";
import { LEAK_SHAPES, type ShapeReading } from "./shape-reading.ts";
import { describeGrowth, type GrowthTest } from "./test-growth.ts";

const HOUR_MS = 3_600_000;
/** A node has to grow by this part of what it was. */
const RELATIVE_RISE_MIN = 0.1;

/** One series, tested. */
export interface Study {
  readonly series: TreeSeries;
  readonly test: GrowthTest;
  readonly atMs: ArrayLike<number>;
  readonly riseMin: number;
  readonly ends: (node: number) => { readonly from: number; readonly to: number };
}

/** Values of a node by capture. */
export function rowOf(study: Study, node: number): Float64Array {
  const { captures, values } = study.series.totals;
  return values.subarray(node * captures, (node + 1) * captures);
}

/** Whether a rise is worth a reader's time. */
export function isLarge(study: Study, from: number, to: number): boolean {
  return to - from >= study.riseMin && to - from >= RELATIVE_RISE_MIN * from;
}

/** A shape at a node, with the numbers that every shape has. */
export function describeNode(
  study: Study,
  node: number,
  shape: ShapeReading["shape"],
): ShapeReading {
  const isLeak = (LEAK_SHAPES as readonly string[]).includes(shape);
  const { series, atMs } = study;
  const { tree, totals } = series;
  const growth = describeGrowth(totals, node, study.test.pValue[node]!, atMs);
  const whole = study.ends(0);
  return {
    shape,
    isLeak,
    path: pathOf(tree, node),
    chain: [],
    files: filesOf(tree, node),
    type: tree.sampleType.type,
    unit: tree.sampleType.unit,
    captures: totals.captures,
    hours: (atMs[totals.captures - 1]! - atMs[0]!) / HOUR_MS,
    from: growth.from,
    to: growth.to,
    perHour: growth.slope,
    pValue: isLeak ? growth.pValue : 1,
    shareFrom: whole.from > 0 ? growth.from / whole.from : 0,
    shareTo: whole.to > 0 ? growth.to / whole.to : 0,
  };
}

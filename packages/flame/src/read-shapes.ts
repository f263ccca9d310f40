/**
 * Reads the shapes that leaks draw in a series of flame graphs, and names the benign ones
 * that look like them. A false alarm is worse than a miss: every leak shape has to be
 * significant, believed among all nodes, sustained to the end, beyond load, and large.
 */
import { filesOf, pathOf, type CallTree } from "./call-tree.ts";
import { FlameError } from "./errors.ts";
import { controlFalseDiscovery } from "./false-discovery.ts";
import {
  findSources,
  findTower,
  followHeaviest,
  followRise,
  type GrowthField,
} from "./growth-source.ts";
import { readField } from "./growth-field.ts";
import { adjustForLoad, controlLoad, type LoadControl } from "./load-control.ts";
import { readSawtooth, type Sawtooth } from "./sawtooth.ts";
import { followTrees, type SeriesBounds } from "./series-matrix.ts";
import type { BenignShape, ShapeReading } from "./shape-reading.ts";
import { describeNode, isLarge, rowOf, type Study } from "./shape-study.ts";
import { measureEnds, testGrowth } from "./test-growth.ts";
import { measureSlope } from "./trend.ts";

export interface ShapeOptions extends SeriesBounds {
  /** Load at each capture, e.g. requests per second: never a running total (see `readLoad`). */
  readonly load?: ArrayLike<number>;
  /** Expected share of false alarms among what is reported. Default 0.01. */
  readonly alpha?: number;
  /** Growth smaller than this part of the profile's largest total is left alone. Default 0.02. */
  readonly riseMin?: number;
  /** Most readings, leaks first, largest first. Default 20. */
  readonly readingsMax?: number;
}

/** Nodes looked at for sawteeth, the largest ones. */
const SAWTOOTH_NODES_MAX = 2000;
const HOUR_MS = 3_600_000;

function readSource(study: Study, field: GrowthField, source: number): ShapeReading {
  const heaviest = followHeaviest(field, source);
  const found = findTower(field, source, heaviest);
  const tip = found ? heaviest.tip : followRise(field, source);
  const base = describeNode(study, source, found ? "isolated-tower" : "widening-base");
  const chain = pathOf(field.tree, tip).slice(base.path.length);
  const reading = { ...base, chain, files: filesOf(field.tree, tip) };
  if (!found) return reading;
  const tower = {
    column: pathOf(field.tree, found.column).length - 1,
    siblingRatio: found.siblingRatio,
    concentration: found.concentration,
  };
  return { ...reading, tower };
}

/** Sawteeth among the largest nodes. */
function findSawteeth(study: Study, control: LoadControl | undefined): Map<number, Sawtooth> {
  const { tree } = study.series;
  const largest = Array.from(tree.total, (_, node) => node)
    .filter((node) => tree.total[node]! >= study.riseMin)
    .sort((a, b) => tree.total[b]! - tree.total[a]!)
    .slice(0, SAWTOOTH_NODES_MAX);
  const sawteeth = new Map<number, Sawtooth>();
  for (const node of largest) {
    const row = rowOf(study, node);
    if (Math.max(...row) - Math.min(...row) < study.riseMin) continue;
    const sawtooth = readSawtooth(control ? adjustForLoad(row, control) : row);
    if (sawtooth) sawteeth.set(node, sawtooth);
  }
  return sawteeth;
}

function readSawteeth(
  study: Study,
  sawteeth: Map<number, Sawtooth>,
  alpha: number,
): ShapeReading[] {
  const believed = controlFalseDiscovery(
    Array.from(sawteeth.values(), (sawtooth) => sawtooth.pValue),
    alpha,
  );
  const troughs = (node: number): { from: number; to: number } => {
    const values = sawteeth.get(node)?.troughs ?? new Float64Array(1);
    return { from: values[0]!, to: values.at(-1)! };
  };
  const isRising = (node: number): boolean => {
    const { from, to } = troughs(node);
    return (sawteeth.get(node)?.pValue ?? 1) <= believed.pValueMax && isLarge(study, from, to);
  };
  const read = (node: number, isLeak: boolean): ShapeReading => {
    const { at, pValue, troughs: values } = sawteeth.get(node)!;
    const times = at.map((capture) => study.atMs[capture]!);
    return {
      ...describeNode(study, node, isLeak ? "rising-sawtooth" : "flat-sawtooth"),
      ...troughs(node),
      perHour: measureSlope(values, times) * HOUR_MS,
      pValue: isLeak ? pValue : 1,
      troughs: values.length,
    };
  };
  const { tree } = study.series;
  const level = (node: number): number => troughs(node).to;
  const rise = (node: number): number => troughs(node).to - troughs(node).from;
  const field = { tree, isGrowing: isRising, growsBeyond: () => false, rise, level };
  const rising = findSources(field);
  const isFlat = (node: number): boolean =>
    sawteeth.has(node) && !isRising(node) && study.test.verdictOf(node) !== "growing";
  const flat = topmost(tree, isFlat);
  return [...rising.map((node) => read(node, true)), ...flat.map((node) => read(node, false))];
}

/** Nodes that fit while their parents do not. */
function topmost(tree: CallTree, fits: (node: number) => boolean): number[] {
  const found: number[] = [];
  for (let node = 0; node < tree.nodeCount; node++) {
    if (fits(node) && (node === 0 || !fits(tree.parent[node]!))) found.push(node);
  }
  return found;
}

/** Nodes that rose, and why that is no leak. */
function readBenign(study: Study, sawteeth: Map<number, Sawtooth>): ShapeReading[] {
  const { tree } = study.series;
  const shapeOf = (node: number): BenignShape | undefined => {
    const verdict = study.test.verdictOf(node);
    if (verdict === "growing" || verdict === "steady" || verdict === "comes-back") return undefined;
    const { from, to } = study.ends(node);
    if (sawteeth.has(node) || !isLarge(study, from, to)) return undefined;
    return verdict === "load-following" ? "load-following" : "warm-up-plateau";
  };
  return topmost(tree, (node) => shapeOf(node) !== undefined).map((node) =>
    describeNode(study, node, shapeOf(node)!),
  );
}

/**
 * Reads a series of call trees of one profile type, oldest first, taken at `atMs`. Leak
 * shapes come first, each at the node that its growth comes from; benign ones follow.
 *
 * Five captures are the fewest that can show anything, twelve the fewest for a sawtooth.
 * Throws `WT_FLAME_SERIES_MISMATCH` and `WT_FLAME_MIXED_TREES`.
 */
export function readShapes(
  trees: readonly CallTree[],
  atMs: ArrayLike<number>,
  options: ShapeOptions = {},
): readonly ShapeReading[] {
  if (atMs.length !== trees.length) {
    const what = `${trees.length} captures, ${atMs.length} times`;
    throw new FlameError("WT_FLAME_SERIES_MISMATCH", what);
  }
  const { alpha = 0.01, load, riseMin = 0.02, readingsMax = 20 } = options;
  const series = followTrees(trees, options);
  const { tree, totals } = series;
  const test = testGrowth(totals, { atMs, alpha, growthsMax: 0, ...(load ? { load } : {}) });
  const known = new Map<number, { from: number; to: number }>();
  const ends = (node: number): { from: number; to: number } => {
    const measured = known.get(node) ?? measureEnds(totals, node);
    known.set(node, measured);
    return measured;
  };
  const control = load ? controlLoad(load) : undefined;
  const study = { series, test, atMs, riseMin: riseMin * tree.total[0]!, ends };
  const field = readField(study, control, alpha);
  const sawteeth = findSawteeth(study, control);
  const grown = findSources(field).map((source) => readSource(study, field, source));
  const toothed = readSawteeth(study, sawteeth, alpha);
  const leaks = chooseLeaks(
    grown,
    toothed.filter((reading) => reading.isLeak),
  );
  const benign = [...toothed, ...readBenign(study, sawteeth)].filter(
    (reading) => !reading.isLeak && !leaks.some((leak) => startsWith(leak.path, reading.path)),
  );
  const byRise = (a: ShapeReading, b: ShapeReading): number => b.to - b.from - (a.to - a.from);
  return [...leaks.sort(byRise), ...benign.sort(byRise)].slice(0, readingsMax);
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((name, at) => name === path[at]);
}

/**
 * One reading per leak: a node that grows in teeth is a sawtooth, and a sawtooth above or
 * below a node that simply grows is that node's doing.
 */
function chooseLeaks(
  grown: readonly ShapeReading[],
  toothed: readonly ShapeReading[],
): ShapeReading[] {
  const isAt = (one: ShapeReading, other: ShapeReading): boolean =>
    one.path.length === other.path.length && startsWith(one.path, other.path);
  const named = grown.map((leak) => toothed.find((saw) => isAt(saw, leak)) ?? leak);
  const apart = toothed.filter(
    (saw) =>
      !grown.some((leak) => startsWith(leak.path, saw.path) || startsWith(saw.path, leak.path)),
  );
  return [...named, ...apart];
}

/** The growth test: of tens of thousands of stacks, which ones leak? */
import { testDrift } from "./drift.ts";
import { FlameError } from "./errors.ts";
import { controlFalseDiscovery } from "./false-discovery.ts";
import {
  adjustForLoad,
  controlLoad,
  divideByLoad,
  testBesideLoad,
  type LoadControl,
} from "./load-control.ts";
import { PairScore } from "./pair-score.ts";
import { inflateVariance } from "./serial-correlation.ts";
import { judgeSustained, type Sustained } from "./sustained-growth.ts";
import {
  approximatePValue,
  EXACT_MAX,
  measureSlope,
  readScore,
  takeMedian,
  testTrend,
} from "./trend.ts";

/** One series per node: `values[node * captures + capture]`, oldest capture first. */
export interface GrowthMatrix {
  readonly captures: number;
  readonly nodes: number;
  readonly values: Float64Array;
}

export interface GrowthOptions {
  /** When each capture was taken; evenly spaced otherwise, and slopes are per capture. */
  readonly atMs?: ArrayLike<number>;
  /** Load at each capture, e.g. requests per second: never a running total (see `readLoad`). */
  readonly load?: ArrayLike<number>;
  /** Expected share of false alarms among the nodes reported. Default 0.01. */
  readonly alpha?: number;
  /** Most nodes to describe, steepest first; all are counted. Default 1,000. */
  readonly growthsMax?: number;
}

/** What became of a node's series. */
export type GrowthVerdict =
  /** No trend that chance could not explain. */
  | "steady"
  | "growing"
  /** Rises no more than the load does. */
  | "load-following"
  | Exclude<Sustained, "sustained">;

const VERDICTS: readonly GrowthVerdict[] = [
  "steady",
  "growing",
  "load-following",
  "levels-off",
  "comes-back",
  "one-step",
];

/** One node that grows. */
export interface NodeGrowth {
  readonly node: number;
  /** Median of the first and of the last tenth of the captures. */
  readonly from: number;
  readonly to: number;
  /** Theil–Sen slope: per hour when times were given, per capture otherwise. */
  readonly slope: number;
  readonly pValue: number;
}

export interface GrowthTest {
  /** Nodes whose values vary at all; the others are no tests. */
  readonly tested: number;
  readonly grownCount: number;
  /** Steepest first, at most `growthsMax`. */
  readonly grown: readonly NodeGrowth[];
  /** One-sided p-value by node, 1 where something else explains the rise. */
  readonly pValue: Float64Array;
  readonly verdictOf: (node: number) => GrowthVerdict;
}

const HOUR_MS = 3_600_000;

function requireFit(matrix: GrowthMatrix, options: GrowthOptions): void {
  const { captures, nodes, values } = matrix;
  const fit = (length: number | undefined): boolean => length === undefined || length === captures;
  if (
    values.length === captures * nodes &&
    fit(options.load?.length) &&
    fit(options.atMs?.length)
  ) {
    return;
  }
  const what = `${captures} captures of ${nodes} nodes, ${values.length} values, ${options.atMs?.length ?? captures} times, ${options.load?.length ?? captures} loads`;
  throw new FlameError("WT_FLAME_SERIES_MISMATCH", what);
}

/** Of two tests that may speak for a rise, the second is given this part of the error. */
const DRIFT_PART = 0.1;

/** The p-value of a candidate once neighbours' likeness is allowed for, as far as its steps do not rule that out. */
function testCarefully(values: Float64Array, inflation: number): number {
  const { score, variance, pValue } = testTrend(values);
  if (values.length <= EXACT_MAX || score <= 0 || inflation === 1) return pValue;
  const likely = Math.max(pValue, approximatePValue(score, variance * inflation));
  return Math.min(likely, Math.max(pValue, testDrift(values) / DRIFT_PART));
}

/** Looks closely at one series: does it rise, beyond its load, and to the end? */
export function examineGrowth(
  values: Float64Array,
  control: LoadControl | undefined,
  alpha: number,
): { readonly pValue: number; readonly verdict: GrowthVerdict } {
  const adjusted = control ? adjustForLoad(values, control) : values;
  // Allowing for likeness only raises it: most series end here.
  const first = testTrend(adjusted).pValue;
  if (first > alpha) return { pValue: first, verdict: control ? "load-following" : "steady" };
  const inflation = inflateVariance(adjusted);
  let pValue = testCarefully(adjusted, inflation);
  if (control) {
    pValue = Math.max(pValue, testBesideLoad(values, control));
    if (control.isRising) {
      const perLoad = divideByLoad(values, control);
      pValue = Math.max(pValue, testCarefully(perLoad, inflateVariance(perLoad)));
    }
    if (pValue > alpha) return { pValue, verdict: "load-following" };
  }
  if (pValue > alpha) return { pValue, verdict: "steady" };
  const sustained = judgeSustained(adjusted);
  if (sustained !== "sustained") return { pValue: 1, verdict: sustained };
  return { pValue, verdict: "growing" };
}

/** Where a node's series starts and ends: medians of its first and last tenth. */
export function measureEnds(
  { captures, values }: GrowthMatrix,
  node: number,
): { readonly from: number; readonly to: number } {
  const tenth = Math.max(1, Math.round(captures / 10));
  const start = node * captures;
  const end = start + captures;
  return {
    from: takeMedian(values.slice(start, start + tenth)),
    to: takeMedian(values.slice(end - tenth, end)),
  };
}

/** Describes one node of a matrix, growing or not. */
export function describeGrowth(
  matrix: GrowthMatrix,
  node: number,
  pValue: number,
  atMs?: ArrayLike<number>,
): NodeGrowth {
  const values = matrix.values.subarray(node * matrix.captures, (node + 1) * matrix.captures);
  const slope = measureSlope(values, atMs) * (atMs ? HOUR_MS : 1);
  return { node, ...measureEnds(matrix, node), slope, pValue };
}

function describeSteepest(
  matrix: GrowthMatrix,
  nodes: readonly number[],
  pValue: Float64Array,
  options: GrowthOptions,
): readonly NodeGrowth[] {
  const { captures, values } = matrix;
  const rise = (node: number): number =>
    values[(node + 1) * captures - 1]! - values[node * captures]!;
  return nodes
    .toSorted((a, b) => rise(b) - rise(a))
    .slice(0, options.growthsMax ?? 1000)
    .map((node) => describeGrowth(matrix, node, pValue[node]!, options.atMs))
    .sort((a, b) => b.slope - a.slope || a.node - b.node);
}

/**
 * Tests every node for growth that is significant (Mann–Kendall, allowing for likeness of
 * neighbouring captures), beyond load when a load series is given, sustained to the end, and
 * believed among all the nodes tested (Benjamini–Hochberg).
 *
 * With fewer than five captures nothing can be significant at the default `alpha`.
 * Throws `WT_FLAME_SERIES_MISMATCH`.
 */
export function testGrowth(matrix: GrowthMatrix, options: GrowthOptions = {}): GrowthTest {
  requireFit(matrix, options);
  const { captures, nodes, values } = matrix;
  const { alpha = 0.01 } = options;
  const control = options.load ? controlLoad(options.load) : undefined;
  const pValue = new Float64Array(nodes).fill(1);
  const verdict = new Uint8Array(nodes);
  const pairs = new PairScore(captures);
  const candidates: number[] = [];
  let tested = 0;
  for (let node = 0; node < nodes; node++) {
    pairs.count(values, node * captures);
    if (pairs.variance === 0) continue;
    tested++;
    const from = node * captures;
    const isShort = captures <= EXACT_MAX;
    const first = isShort
      ? readScore(pairs, values.subarray(from, from + captures))
      : approximatePValue(pairs.score, pairs.variance);
    pValue[node] = first;
    // Under load the value may well fall while what it owes to load falls faster.
    if (first > alpha && !control) continue;
    const second = examineGrowth(values.subarray(from, from + captures), control, alpha);
    pValue[node] = second.pValue;
    const rose = second.verdict === "load-following" && first > alpha ? "steady" : second.verdict;
    verdict[node] = VERDICTS.indexOf(rose);
    if (rose === "growing") candidates.push(node);
  }
  const believed = controlFalseDiscovery(
    candidates.map((node) => pValue[node]!),
    alpha,
    Math.max(tested, 1),
  );
  const grown = candidates.filter((node) => pValue[node]! <= believed.pValueMax);
  const kept = new Set(grown);
  for (const node of candidates) if (!kept.has(node)) verdict[node] = 0;
  return {
    tested,
    grownCount: grown.length,
    grown: describeSteepest(matrix, grown, pValue, options),
    pValue,
    verdictOf: (node) => VERDICTS[verdict[node]!]!,
  };
}

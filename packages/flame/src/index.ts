export { buildCallTree, pickSampleType, type CallTreeOptions } from "./build-call-tree.ts";
export {
  isDiff,
  listChildren,
  NO_NODE,
  pathOf,
  type CallTree,
  type CallTreeDiff,
  type FrameTable,
  type TreeRoot,
} from "./call-tree.ts";
export { FLAME_ERRORS, FlameError, type FlameErrorCode } from "./errors.ts";
export { filterCallTree, readPattern, type FilterOptions } from "./filter-call-tree.ts";
export {
  alignCallTrees,
  diffCallTrees,
  mergeCallTrees,
  type AlignedTrees,
} from "./merge-call-trees.ts";
export { pruneCallTree, type PruneOptions } from "./prune-call-tree.ts";
export { listTopFunctions, type TopFunction } from "./top-functions.ts";
export { listTopFunctionsOf } from "./top-of-profile.ts";
export { layoutFlame, weighNodes, type FlameLayout, type LayoutOptions } from "./layout-flame.ts";
export { renderFlameSvg, type SvgOptions } from "./render-flame-svg.ts";
export {
  flameScript,
  renderFlameFragment,
  renderFlameHtml,
  type FlameFragment,
  type FlameHtmlOptions,
  type FlamePageOptions,
} from "./render-flame-html.ts";
export { formatShare, formatValue } from "./format-value.ts";
export { functionIdentity } from "./frame-interner.ts";
export { describeShape } from "./describe-shape.ts";
export { controlFalseDiscovery, type Discovery } from "./false-discovery.ts";
export { readLoad } from "./load-control.ts";
export { readShapes, type ShapeOptions } from "./read-shapes.ts";
export { followTrees, type SeriesBounds, type TreeSeries } from "./series-matrix.ts";
export {
  BENIGN_SHAPES,
  LEAK_SHAPES,
  type BenignShape,
  type LeakShape,
  type ShapeReading,
} from "./shape-reading.ts";
export {
  testGrowth,
  type GrowthMatrix,
  type GrowthOptions,
  type GrowthTest,
  type GrowthVerdict,
  type NodeGrowth,
} from "./test-growth.ts";
export { measureSlope, testTrend, type Trend } from "./trend.ts";
export { rootByLabel } from "./root-by-label.ts";

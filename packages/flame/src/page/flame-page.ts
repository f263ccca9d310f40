/**
 * The contracts between the parts of an interactive flame graph in a page. A part's functions
 * are written into the page as they stand (`toString`), so they call only functions of their
 * own file and what is handed to them as {@link PageParts}.
 */

/** What the page is given as JSON. Nodes are in preorder, children largest first. */
export interface FlameData {
  readonly title: string;
  readonly type: string;
  readonly unit: string;
  readonly root: "callers" | "callees";
  readonly name: readonly string[];
  readonly file: readonly string[];
  /** 0 app, 1 dependency, 2 std, 3 runtime. */
  readonly origin: readonly number[];
  /** 0 to 1, by package. */
  readonly tint: readonly number[];
  /** Depth of each node; 0 for the root, which is the first. */
  readonly level: readonly number[];
  readonly frame: readonly number[];
  readonly total: readonly number[];
  readonly self: readonly number[];
  readonly totalBefore?: readonly number[];
  readonly selfBefore?: readonly number[];
  /** Nodes left out because they were too small. */
  readonly hidden: number;
}

/** A tree as the page draws it, in preorder. */
export interface PageTree {
  readonly count: number;
  readonly level: ArrayLike<number>;
  readonly frame: ArrayLike<number>;
  readonly parent: Int32Array;
  /** One past the last node of each node's subtree. */
  readonly end: Int32Array;
  readonly total: ArrayLike<number>;
  readonly self: ArrayLike<number>;
  readonly totalBefore: ArrayLike<number> | undefined;
  /** Left edge and width of each node, as fractions of the root. */
  readonly left: Float64Array;
  readonly width: Float64Array;
  readonly depthMax: number;
}

/** Columns of a page tree before it is laid out. */
export interface PageNodes {
  readonly level: readonly number[];
  readonly frame: readonly number[];
  readonly total: readonly number[];
  readonly self: readonly number[];
  readonly totalBefore?: readonly number[] | undefined;
  readonly selfBefore?: readonly number[] | undefined;
}

export interface TableRow {
  readonly frame: number;
  readonly self: number;
  readonly total: number;
  readonly selfBefore: number;
  readonly totalBefore: number;
}

export interface ChartOptions {
  readonly data: FlameData;
  readonly canvas: HTMLCanvasElement;
  /** Draw upwards, root at the bottom: for the callers of a function. */
  readonly upwards: boolean;
  readonly parts: PageParts;
  readonly onHover: (tree: PageTree, node: number) => void;
  readonly onZoom: (tree: PageTree, node: number) => void;
}

/** One icicle on one canvas. */
export interface Chart {
  readonly show: (tree: PageTree) => void;
  readonly zoom: (node: number) => void;
  readonly select: (node: number) => void;
  /** Frames to light up by row, or none. */
  readonly highlight: (matching: Uint8Array | undefined) => void;
  readonly draw: () => void;
  readonly tree: () => PageTree;
  readonly zoomed: () => number;
  readonly selected: () => number;
}

/** Everything that one part may call of another. */
export interface PageParts {
  readonly layOutTree: (nodes: PageNodes) => PageTree;
  readonly listRows: (tree: PageTree, nodes: PageNodes, frames: number) => TableRow[];
  readonly gatherCallees: (tree: PageTree, nodes: PageNodes, frame: number) => PageNodes;
  readonly gatherCallers: (tree: PageTree, nodes: PageNodes, frame: number) => PageNodes;
  readonly makeChart: (options: ChartOptions) => Chart;
  readonly showTable: (view: FlameView) => void;
  readonly bindKeys: (view: FlameView) => void;
  readonly formatValue: (value: number, unit: string) => string;
  readonly formatShare: (part: number, whole: number) => string;
  readonly originColour: (origin: number, tint: number, scheme: "light" | "dark") => string;
  readonly diffColour: (before: number, after: number, scheme: "light" | "dark") => string;
}

/** One flame graph of the page, with what its parts share. */
export interface FlameView {
  readonly section: HTMLElement;
  readonly data: FlameData;
  readonly tree: PageTree;
  readonly chart: Chart;
  readonly parts: PageParts;
  readonly search: (text: string) => void;
  readonly reset: () => void;
  readonly hover: (tree: PageTree, node: number) => void;
  /** Rows of the table that match the search, or all. */
  readonly matching: () => Uint8Array | undefined;
  /** Redraws the table; set by the table itself. */
  refreshTable: () => void;
  /** Opens a function with its callers and callees; set by the table. */
  openFunction: (frame: number) => void;
}

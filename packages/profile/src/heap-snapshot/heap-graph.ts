/**
 * The heap graph: a V8 heap snapshot as typed arrays. Twenty million nodes are a few
 * hundred megabytes of columns and not one object each, so that walks are linear scans.
 */
import type { SnapshotStrings } from "./snapshot-strings.ts";

/** Node types that the analyses ask for, as V8 names them. */
export type NodeType =
  | "hidden"
  | "array"
  | "string"
  | "object"
  | "code"
  | "closure"
  | "regexp"
  | "number"
  | "native"
  | "synthetic"
  | "concatenated string"
  | "sliced string"
  | "symbol"
  | "bigint"
  | "object shape";

/** Edge types, as V8 names them. */
export type EdgeType =
  | "context"
  | "element"
  | "property"
  | "internal"
  | "hidden"
  | "shortcut"
  | "weak";

/** Where functions were written, sorted by node. Lines and columns are 0-based, as in V8. */
export interface PlaceColumns {
  readonly count: number;
  readonly node: Uint32Array;
  readonly script: Uint32Array;
  readonly line: Uint32Array;
  readonly column: Uint32Array;
}

/**
 * Nodes and edges, one row each. The edges of node `i` are rows
 * `edgeStart[i] … edgeStart[i + 1]`. Node 0 is the root.
 */
export interface HeapGraph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly string[];
  /** Index into {@link nodeTypes}. */
  readonly nodeType: Uint8Array;
  /** Index into {@link strings}. */
  readonly nodeName: Uint32Array;
  /** V8's heap object id: stable while the object lives, and the key of `getObjectByHeapObjectId`. */
  readonly nodeId: Uint32Array;
  /** Bytes of the object itself, without what it holds. */
  readonly nodeSelfBytes: Uint32Array;
  /** `nodeCount + 1` offsets into the edge columns. */
  readonly edgeStart: Uint32Array;
  /** Index into {@link edgeTypes}. */
  readonly edgeType: Uint8Array;
  /** Index into {@link strings}, or the number itself for `element` and `hidden` edges. */
  readonly edgeName: Uint32Array;
  /** Index of the node it leads to. */
  readonly edgeTo: Uint32Array;
  readonly locations: PlaceColumns;
  readonly strings: SnapshotStrings;
}

/** The index of a type in a snapshot's own list, or 255 when it has none of that name. */
export function typeIndex(types: readonly string[], name: NodeType | EdgeType): number {
  const index = types.indexOf(name);
  return index < 0 ? 255 : index;
}

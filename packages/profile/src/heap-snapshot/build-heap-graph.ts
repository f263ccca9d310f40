import type { HeapGraph, PlaceColumns } from "./heap-graph.ts";
import type { SnapshotHeader } from "./snapshot-header.ts";
import { createSnapshotStrings } from "./snapshot-strings.ts";

/** The flat arrays of a snapshot, as far as they were filled. */
export interface SnapshotArrays {
  readonly nodes: Uint32Array<ArrayBuffer>;
  readonly edges: Uint32Array<ArrayBuffer>;
  readonly locations: Uint32Array;
  readonly nodesFilled: number;
  readonly edgesFilled: number;
}

export interface StringBytes {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly count: number;
}

/** Turns a snapshot's interleaved rows into columns. Edges that lead nowhere lead to the root. */
export function buildHeapGraph(
  header: SnapshotHeader,
  arrays: SnapshotArrays,
  strings: StringBytes,
): HeapGraph {
  const { nodeCount, edgeCount } = header;
  const nodeWidth = header.nodeFields.length;
  const edgeWidth = header.edgeFields.length;
  const column = (rows: Uint32Array, width: number, field: number, count: number): Uint32Array => {
    const values = new Uint32Array(count);
    for (let row = 0, at = field; row < count; row++, at += width) values[row] = rows[at] as number;
    return values;
  };
  const node = (field: string): Uint32Array =>
    column(arrays.nodes, nodeWidth, header.nodeFields.indexOf(field), nodeCount);
  const edge = (field: string): Uint32Array =>
    column(arrays.edges, edgeWidth, header.edgeFields.indexOf(field), edgeCount);
  const edgeTo = edge("to_node");
  for (let i = 0; i < edgeCount; i++) {
    const to = (edgeTo[i] as number) / nodeWidth;
    edgeTo[i] = to < nodeCount ? to : 0;
  }
  return {
    nodeCount,
    edgeCount,
    nodeTypes: header.nodeTypes,
    edgeTypes: header.edgeTypes,
    nodeType: Uint8Array.from(node("type")),
    nodeName: node("name"),
    nodeId: node("id"),
    nodeSelfBytes: node("self_size"),
    edgeStart: sumUp(node("edge_count"), edgeCount),
    edgeType: Uint8Array.from(edge("type")),
    edgeName: edge("name_or_index"),
    edgeTo,
    locations: readLocations(header, arrays.locations),
    strings: createSnapshotStrings(strings.bytes, strings.offsets, strings.count),
  };
}

function sumUp(counts: Uint32Array, total: number): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    starts[i] = sum;
    sum = Math.min(total, sum + (counts[i] as number));
  }
  starts[counts.length] = sum;
  return starts;
}

function readLocations(header: SnapshotHeader, rows: Uint32Array): PlaceColumns {
  const width = Math.max(1, header.locationFields.length);
  const count = header.locationFields.length < 4 ? 0 : Math.floor(rows.length / width);
  const order = Array.from({ length: count }, (_, row) => row).toSorted(
    (a, b) => (rows[a * width] as number) - (rows[b * width] as number),
  );
  const pick = (field: number, scale: number): Uint32Array =>
    Uint32Array.from(order, (row) => (rows[row * width + field] as number) / scale);
  return {
    count,
    node: pick(0, header.nodeFields.length),
    script: pick(1, 1),
    line: pick(2, 1),
    column: pick(3, 1),
  };
}

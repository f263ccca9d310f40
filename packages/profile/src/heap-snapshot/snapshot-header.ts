/** What a snapshot says of itself before its arrays: which columns they have, and how many rows. */
export interface SnapshotHeader {
  readonly nodeFields: readonly string[];
  readonly edgeFields: readonly string[];
  readonly locationFields: readonly string[];
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly nodeCount: number;
  readonly edgeCount: number;
}

interface RawHeader {
  readonly snapshot?: {
    readonly node_count?: unknown;
    readonly edge_count?: unknown;
    readonly meta?: Readonly<Record<string, unknown>>;
  };
}

/** Reads `{"snapshot":{…},` ; undefined when it is not one, or lacks a column that a graph needs. */
export function readSnapshotHeader(text: string): SnapshotHeader | undefined {
  let raw: RawHeader;
  try {
    raw = JSON.parse(`${text.trim().replace(/,$/, "")}}`) as RawHeader;
  } catch {
    return undefined;
  }
  const meta = raw.snapshot?.meta ?? {};
  const nodeFields = strings(meta["node_fields"]);
  const edgeFields = strings(meta["edge_fields"]);
  const nodeCount = raw.snapshot?.node_count;
  const edgeCount = raw.snapshot?.edge_count;
  const hasColumns =
    ["type", "name", "id", "self_size", "edge_count"].every((name) => nodeFields.includes(name)) &&
    ["type", "name_or_index", "to_node"].every((name) => edgeFields.includes(name));
  if (!hasColumns || !isCount(nodeCount) || !isCount(edgeCount)) return undefined;
  return {
    nodeFields,
    edgeFields,
    locationFields: strings(meta["location_fields"]),
    nodeTypes: strings((meta["node_types"] as readonly unknown[] | undefined)?.[0]),
    edgeTypes: strings((meta["edge_types"] as readonly unknown[] | undefined)?.[0]),
    nodeCount,
    edgeCount,
  };
}

// Columns are one flat array of 32-bit numbers, at most 8 fields a row.
const ROWS_MAX = 2 ** 29;

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < ROWS_MAX;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

import type { HeapReader } from "./heap-reader.ts";

/** The part of an entry that is counted. A node that is there several times has ids of its own by fractions. */
export function countMembers(
  reader: HeapReader,
  nodes: readonly number[],
): { readonly count: number; readonly bytes: number; readonly ids: Float64Array } {
  const seen = new Map<number, number>();
  const ids = new Float64Array(nodes.length);
  let bytes = 0;
  nodes.forEach((node, index) => {
    const id = reader.heapId(node);
    const copies = seen.get(id) ?? 0;
    seen.set(id, copies + 1);
    ids[index] = id + copies / COPIES_MAX;
    bytes += reader.graph.nodeSelfBytes[node] as number;
  });
  return { count: nodes.length, bytes, ids: ids.toSorted() };
}

/** Copies of one function on one event that keep ids of their own. */
const COPIES_MAX = 1 << 20;

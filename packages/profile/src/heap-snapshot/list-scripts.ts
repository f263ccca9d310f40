/** The files that a process runs code of. */
import { functionPlace } from "./function-place.ts";
import { type HeapGraph, typeIndex } from "./heap-graph.ts";
import { internalTarget } from "./promise-nodes.ts";

/** Paths and URLs of the scripts that functions of the heap were compiled from, Node's own included; in no order. */
export function listScripts(graph: HeapGraph): readonly string[] {
  const closure = typeIndex(graph.nodeTypes, "closure");
  const [shared, script] = [graph.strings.find("shared"), graph.strings.find("script")];
  const seenShared = new Set<number>();
  const files = new Map<number, string>();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.nodeType[node] !== closure) continue;
    const code = internalTarget(graph, node, shared);
    if (code === undefined || seenShared.has(code)) continue;
    seenShared.add(code);
    const of = internalTarget(graph, code, script);
    if (of !== undefined && !files.has(of)) files.set(of, functionPlace(graph, node).file);
  }
  return [...new Set(files.values())].filter((file) => file !== "");
}

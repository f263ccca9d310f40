/**
 * The census of a heap: timers, handles, listeners, unread bodies, collections and buffers, each with the place
 * that tells what it is for. It is read off the same graph as the suspended tasks, so it costs the process nothing.
 */
import { countBodies } from "./census-bodies.ts";
import { countCollections, countExternal } from "./census-collections.ts";
import type { CensusEntry, HeapCensus } from "./census-entry.ts";
import { countHandles } from "./census-handles.ts";
import { countListeners } from "./census-listeners.ts";
import { tieCensus } from "./census-ties.ts";
import { countTimers } from "./census-timers.ts";
import { type HeapGraph, typeIndex } from "./heap-graph.ts";
import { HeapReader } from "./heap-reader.ts";
import { HolderNames } from "./holder-names.ts";
import { listSuspendedTasks, type SuspendedTasks } from "./suspended-tasks.ts";
import type { WakeProof } from "./wake-proof.ts";

/** Counts what the process holds. `proof` gives the ways from the roots, `tasks` what may hang together with it. */
export function takeCensus(
  graph: HeapGraph,
  proof: WakeProof,
  tasks: SuspendedTasks = listSuspendedTasks(graph),
): HeapCensus {
  const reader = new HeapReader(graph);
  const holders = new HolderNames(reader, proof);
  const entries: CensusEntry[] = [
    ...countTimers(reader),
    ...countHandles(reader, holders),
    ...countBodies(reader),
    ...countListeners(reader, holders),
    ...countCollections(reader, holders),
    ...countExternal(reader, holders),
  ];
  return { entries: tieCensus(reader, { tasks, proof }, entries), ...sumBytes(graph) };
}

function sumBytes(graph: HeapGraph): { heapBytes: number; externalBytes: number } {
  const native = typeIndex(graph.nodeTypes, "native");
  const data = graph.strings.find("system / JSArrayBufferData");
  let heapBytes = 0;
  let externalBytes = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    const bytes = graph.nodeSelfBytes[node] as number;
    if (graph.nodeName[node] === data) externalBytes += bytes;
    else if (graph.nodeType[node] !== native) heapBytes += bytes;
  }
  return { heapBytes, externalBytes };
}

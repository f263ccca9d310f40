/**
 * Whether a suspended task was handed an `AbortSignal` that is aborted: work that goes on although
 * it was told to stop. The signal is an argument or a variable of a function on the await stack.
 */
import { type HeapGraph, typeIndex } from "./heap-graph.ts";
import { internalTarget } from "./promise-nodes.ts";
import { awaitStack, type SuspendedTasks } from "./suspended-tasks.ts";

/** The label of a task that holds an aborted signal, and its value. */
export const SIGNAL_LABEL = "signal";
export const SIGNAL_ABORTED = "aborted";

/** Names of one graph, looked up once. */
export interface AbortNames {
  readonly signal: number;
  readonly aborted: number;
  readonly yes: number;
  readonly oddball: number;
  readonly registers: number;
  readonly context: number;
}

/** Looks the names up. */
export function findAbortNames({ strings }: HeapGraph): AbortNames {
  return {
    signal: strings.find("AbortSignal"),
    aborted: strings.find("<symbol kAborted>"),
    yes: strings.find("true"),
    oddball: strings.find("system / Oddball"),
    registers: strings.find("parameters_and_registers"),
    context: strings.find("context"),
  };
}

/** True when a function on the task's await stack holds a signal that is aborted. */
export function holdsAbortedSignal(
  graph: HeapGraph,
  tasks: SuspendedTasks,
  names: AbortNames,
  row: number,
): boolean {
  if (names.signal < 0 || names.aborted < 0) return false;
  return awaitStack(tasks, row).some((each) => {
    const node = tasks.node[each] as number;
    const registers = internalTarget(graph, node, names.registers);
    const context = internalTarget(graph, node, names.context);
    return [registers, context].some((from) => from !== undefined && leadsToAborted(from));
  });

  function leadsToAborted(from: number): boolean {
    const end = graph.edgeStart[from + 1] as number;
    for (let edge = graph.edgeStart[from] as number; edge < end; edge++) {
      const to = graph.edgeTo[edge] as number;
      if (graph.nodeName[to] === names.signal && isAborted(graph, names, to)) return true;
    }
    return false;
  }
}

function isAborted(graph: HeapGraph, names: AbortNames, signal: number): boolean {
  const property = typeIndex(graph.edgeTypes, "property");
  const end = graph.edgeStart[signal + 1] as number;
  for (let edge = graph.edgeStart[signal] as number; edge < end; edge++) {
    if (graph.edgeType[edge] !== property || graph.edgeName[edge] !== names.aborted) continue;
    return isTrue(graph, names, graph.edgeTo[edge] as number);
  }
  return false;
}

/** Up to Node 22 `true` is called an oddball, as `false` is, and leads to its text. */
function isTrue(graph: HeapGraph, names: AbortNames, node: number): boolean {
  if (graph.nodeName[node] !== names.oddball) return graph.nodeName[node] === names.yes;
  const targets = graph.edgeTo.subarray(graph.edgeStart[node], graph.edgeStart[node + 1]);
  return targets.some((to) => graph.nodeName[to] === names.yes);
}

/**
 * The request that an await belongs to: what the program put in an `AsyncLocalStorage`.
 *
 * From Node 24 on a reaction holds an `AsyncContextFrame`, whose table alternates storages and
 * their stores. On Node 22 each storage hangs its store on the promise itself, under a symbol.
 */
import { type HeapGraph, typeIndex } from "./heap-graph.ts";
import { internalTarget } from "./promise-nodes.ts";
import { NO_TASK, type SuspendedTasks } from "./suspended-tasks.ts";

/** When the client of a request went away before its answer, in milliseconds since 1970. */
export const ABORTED_AT_LABEL = "abortedAt";

/**
 * Keys of a store that become labels. A list of what to take and not of what to leave out,
 * because stores also hold users, tokens and bodies.
 */
export const LABEL_KEYS: readonly string[] = [
  ABORTED_AT_LABEL,
  "route",
  "method",
  "path",
  "operation",
  "handler",
  "job",
  "queue",
  "test",
  "requestId",
  "reqId",
  "traceId",
  "spanId",
  "traceparent",
];

const LABEL_CHARACTERS_MAX = 128;
const STORE_SYMBOL = "<symbol kResourceStore>";

/** The labels of a task's request, sorted by key; empty when it belongs to none. */
export function readRequestLabels(
  graph: HeapGraph,
  tasks: SuspendedTasks,
  row: number,
  keys: readonly string[] = LABEL_KEYS,
): Readonly<Record<string, string>> {
  const found = listStores(graph, tasks, row).flatMap((store) => readLabels(graph, store, keys));
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function listStores(graph: HeapGraph, tasks: SuspendedTasks, row: number): readonly number[] {
  const context = tasks.asyncContext[row] as number;
  if (context !== NO_TASK) {
    const table = internalTarget(graph, context, graph.strings.find("table"));
    return table === undefined ? [] : targets(graph, table, undefined);
  }
  const promise = tasks.awaitedPromise[row] as number;
  return promise === NO_TASK ? [] : targets(graph, promise, STORE_SYMBOL);
}

/** Objects that a node's edges lead to, all of them or those of one property. */
function targets(graph: HeapGraph, node: number, property: string | undefined): readonly number[] {
  const object = typeIndex(graph.nodeTypes, "object");
  const found: number[] = [];
  const end = graph.edgeStart[node + 1] as number;
  for (let edge = graph.edgeStart[node] as number; edge < end; edge++) {
    const to = graph.edgeTo[edge] as number;
    if (graph.nodeType[to] !== object) continue;
    const name = property && graph.strings.at(graph.edgeName[edge] as number);
    if (name === property) found.push(to);
  }
  return found;
}

function readLabels(
  graph: HeapGraph,
  store: number,
  keys: readonly string[],
): readonly (readonly [key: string, value: string])[] {
  const property = typeIndex(graph.edgeTypes, "property");
  const string = typeIndex(graph.nodeTypes, "string");
  const labels: (readonly [string, string])[] = [];
  const end = graph.edgeStart[store + 1] as number;
  for (let edge = graph.edgeStart[store] as number; edge < end; edge++) {
    const to = graph.edgeTo[edge] as number;
    if (graph.edgeType[edge] !== property || graph.nodeType[to] !== string) continue;
    const key = graph.strings.at(graph.edgeName[edge] as number);
    if (!keys.includes(key)) continue;
    labels.push([
      key,
      graph.strings.at(graph.nodeName[to] as number).slice(0, LABEL_CHARACTERS_MAX),
    ]);
  }
  return labels;
}

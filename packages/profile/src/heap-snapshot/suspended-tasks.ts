/**
 * The list that a running JavaScript program does not give: every async function that is
 * suspended, what it awaits, and who awaits it. Read off a heap graph, with nothing in the
 * program prepared for it.
 */
import type { HeapGraph } from "./heap-graph.ts";
import { typeIndex } from "./heap-graph.ts";
import {
  findPromiseNodes,
  internalTarget,
  isPromise,
  listReactions,
  type PromiseNodes,
} from "./promise-nodes.ts";

/** The column value of a task that awaits nothing, or that nobody awaits. */
export const NO_TASK = 0xffffffff;

/** Suspended async functions and async generators, one row each. */
export interface SuspendedTasks {
  readonly count: number;
  /** Node of the suspended function in the graph. */
  readonly node: Uint32Array;
  /** Node of the function itself: its code, shared by all its calls. */
  readonly functionNode: Uint32Array;
  /** Node of the promise it waits for, or {@link NO_TASK}. */
  readonly awaitedPromise: Uint32Array;
  /** Row of the task that waits for this one: the next frame of its await stack; or {@link NO_TASK}. */
  readonly awaitedBy: Uint32Array;
  /** Node of the async context that it will resume in, or {@link NO_TASK}. */
  readonly asyncContext: Uint32Array;
  /** 1 for an async generator that is parked at a `yield` with nobody asking for more. */
  readonly isYielded: Uint8Array;
  readonly promiseNodes: PromiseNodes;
}

/** Hops over `.then` chains and combinators from a task's promise to the task that waits for it. */
const HOPS_MAX = 64;

/** Reads every suspended task of a heap graph. */
export function listSuspendedTasks(graph: HeapGraph): SuspendedTasks {
  const nodes = findPromiseNodes(graph);
  const owned = ownPromises(graph, nodes);
  const rows = [...owned.keys()];
  const count = rows.length;
  const rowOf = new Map(rows.map((node, row) => [node, row]));
  const columns = {
    node: Uint32Array.from(rows),
    functionNode: Uint32Array.from(
      rows,
      (node) => internalTarget(graph, node, nodes.functionEdge) ?? NO_TASK,
    ),
    awaitedPromise: new Uint32Array(count).fill(NO_TASK),
    awaitedBy: new Uint32Array(count).fill(NO_TASK),
    asyncContext: new Uint32Array(count).fill(NO_TASK),
    isYielded: Uint8Array.from(rows, (node) => (owned.get(node) === undefined ? 1 : 0)),
  };
  for (let promise = 0; promise < graph.nodeCount; promise++) {
    if (nodes.isPending[promise] === 0) continue;
    for (const { handlers, frame } of listReactions(graph, nodes, promise)) {
      const row = rowOf.get(resumedBy(graph, nodes, handlers) ?? NO_TASK);
      if (row === undefined) continue;
      columns.awaitedPromise[row] = promise;
      columns.isYielded[row] = 0;
      if (frame !== undefined) columns.asyncContext[row] = frame;
    }
  }
  rows.forEach((node, row) => {
    const promise = owned.get(node);
    const awaiter = promise === undefined ? undefined : findAwaiter(graph, nodes, promise);
    columns.awaitedBy[row] = rowOf.get(awaiter ?? NO_TASK) ?? NO_TASK;
  });
  return { count, ...columns, promiseNodes: nodes };
}

/** Each async function's own promise; undefined for an async generator that nobody asks. */
function ownPromises(graph: HeapGraph, nodes: PromiseNodes): Map<number, number | undefined> {
  const hidden = typeIndex(graph.edgeTypes, "hidden");
  const owned = new Map<number, number | undefined>();
  for (const node of nodes.suspended) {
    const end = graph.edgeStart[node + 1] as number;
    for (let edge = graph.edgeStart[node] as number; edge < end; edge++) {
      const to = graph.edgeTo[edge] as number;
      if (graph.edgeType[edge] !== hidden) {
        if (isAsyncGeneratorPrototype(graph, nodes, edge) && !owned.has(node)) {
          owned.set(node, undefined);
        }
        continue;
      }
      if (isPromise(graph, nodes, to)) owned.set(node, to);
      else if (graph.nodeName[to] === nodes.requestName) {
        const promise = hiddenPromise(graph, nodes, to);
        if (promise !== undefined) owned.set(node, promise);
      }
    }
  }
  return owned;
}

function isAsyncGeneratorPrototype(graph: HeapGraph, nodes: PromiseNodes, edge: number): boolean {
  if (graph.edgeName[edge] !== nodes.prototypeEdge) return false;
  return (
    graph.strings.at(graph.nodeName[graph.edgeTo[edge] as number] as number) === "AsyncGenerator"
  );
}

function hiddenPromise(graph: HeapGraph, nodes: PromiseNodes, node: number): number | undefined {
  const end = graph.edgeStart[node + 1] as number;
  for (let edge = graph.edgeStart[node] as number; edge < end; edge++) {
    const to = graph.edgeTo[edge] as number;
    if (isPromise(graph, nodes, to)) return to;
  }
  return undefined;
}

/** The suspended function that a reaction's handlers resume, if they are an await's. */
function resumedBy(
  graph: HeapGraph,
  nodes: PromiseNodes,
  handlers: readonly number[],
): number | undefined {
  for (const handler of handlers) {
    const context = internalTarget(graph, handler, nodes.contextEdge);
    if (context === undefined) continue;
    const extension = internalTarget(graph, context, nodes.extensionEdge);
    if (extension !== undefined && nodes.isSuspended[extension] === 1) return extension;
  }
  return undefined;
}

/**
 * The suspended function that goes on when a promise settles: the one that awaits it, or that
 * awaits something made from it by `.then`, `finally` or a combinator.
 */
function findAwaiter(graph: HeapGraph, nodes: PromiseNodes, promise: number): number | undefined {
  const seen = new Set([promise]);
  for (const each of seen) {
    if (seen.size > HOPS_MAX) return undefined;
    for (const { handlers, derived } of listReactions(graph, nodes, each)) {
      const task = resumedBy(graph, nodes, handlers);
      if (task !== undefined) return task;
      if (derived !== undefined) seen.add(settledBy(graph, nodes, derived));
      for (const handler of handlers) {
        const target = settlesThrough(graph, nodes, handler);
        if (target !== undefined) seen.add(target);
      }
    }
  }
  return undefined;
}

/** The promise behind a capability, or the promise itself. */
function settledBy(graph: HeapGraph, nodes: PromiseNodes, node: number): number {
  if (graph.nodeName[node] !== nodes.capabilityName) return node;
  return hiddenPromise(graph, nodes, node) ?? node;
}

/** The promise that a built-in handler settles: a resolve function's, or a combinator's. */
function settlesThrough(
  graph: HeapGraph,
  nodes: PromiseNodes,
  handler: number,
): number | undefined {
  const context = internalTarget(graph, handler, nodes.contextEdge);
  if (context === undefined) return undefined;
  const variable = typeIndex(graph.edgeTypes, "context");
  const end = graph.edgeStart[context + 1] as number;
  for (let edge = graph.edgeStart[context] as number; edge < end; edge++) {
    // A variable of the program's own scope is not what the handler settles.
    if (graph.edgeType[edge] === variable) continue;
    const to = graph.edgeTo[edge] as number;
    if (isPromise(graph, nodes, to)) return to;
    if (graph.nodeName[to] === nodes.capabilityName) return settledBy(graph, nodes, to);
  }
  return undefined;
}

/** Rows of the await stack of a task, innermost first, itself included. Cycles end it. */
export function awaitStack(tasks: SuspendedTasks, row: number): readonly number[] {
  const stack = new Set<number>();
  for (let at = row; at !== NO_TASK && !stack.has(at); at = tasks.awaitedBy[at] as number) {
    stack.add(at);
  }
  return [...stack];
}

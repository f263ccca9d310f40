/**
 * Where promises and suspended functions stand in a heap graph, and how they hold together.
 *
 * Observed on V8 12.4 to 14.6 (Node 22 to 26): a pending promise has an internal edge
 * `reactions_or_result` to a `PromiseReaction`; reactions are chained; a reaction holds its two
 * handlers, the promise it derives and, from Node 24 on, the async context it will run in. An
 * `await` makes handlers whose context has the suspended function as its `extension`. A suspended
 * function is any object with an internal edge `parameters_and_registers`.
 */
import { type HeapGraph, typeIndex } from "./heap-graph.ts";

/** Names and types of one graph, looked up once. */
export interface PromiseNodes {
  /** 1 for a promise that waits with at least one reaction, else 0. A byte a node. */
  readonly isPending: Uint8Array;
  /** 1 for a suspended function or generator, else 0. */
  readonly isSuspended: Uint8Array;
  /** Every suspended function, ascending. */
  readonly suspended: Uint32Array;
  readonly reactionName: number;
  readonly capabilityName: number;
  readonly requestName: number;
  readonly contextNames: ReadonlySet<number>;
  readonly frameName: number;
  readonly promiseName: number;
  readonly extensionEdge: number;
  readonly contextEdge: number;
  readonly functionEdge: number;
  readonly reactionsEdge: number;
  readonly prototypeEdge: number;
  readonly closureType: number;
}

/** Finds every pending promise and suspended function in one scan over the edges. */
export function findPromiseNodes(graph: HeapGraph): PromiseNodes {
  const { strings } = graph;
  const internal = typeIndex(graph.edgeTypes, "internal");
  const reactionsEdge = strings.find("reactions_or_result");
  const registersEdge = strings.find("parameters_and_registers");
  const reactionName = strings.find("system / PromiseReaction");
  const isPending = new Uint8Array(graph.nodeCount);
  const isSuspended = new Uint8Array(graph.nodeCount);
  const suspended: number[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    const end = graph.edgeStart[node + 1] as number;
    for (let edge = graph.edgeStart[node] as number; edge < end; edge++) {
      if (graph.edgeType[edge] !== internal) continue;
      const name = graph.edgeName[edge];
      if (name === registersEdge) {
        isSuspended[node] = 1;
        suspended.push(node);
      } else if (name === reactionsEdge) {
        const to = graph.edgeTo[edge] as number;
        if (graph.nodeName[to] === reactionName) isPending[node] = 1;
      }
    }
  }
  return {
    isPending,
    isSuspended,
    suspended: Uint32Array.from(suspended),
    reactionName,
    capabilityName: strings.find("system / PromiseCapability"),
    requestName: strings.find("system / AsyncGeneratorRequest"),
    contextNames: new Set(strings.findPrefixed("system / Context")),
    frameName: strings.find("AsyncContextFrame"),
    promiseName: strings.find("Promise"),
    extensionEdge: strings.find("extension"),
    contextEdge: strings.find("context"),
    functionEdge: strings.find("function"),
    reactionsEdge,
    prototypeEdge: strings.find("__proto__"),
    closureType: typeIndex(graph.nodeTypes, "closure"),
  };
}

/** What hangs on a reaction: what runs when its promise settles. */
export interface ReactionParts {
  readonly handlers: readonly number[];
  /** The promise, or the capability, that the reaction settles. */
  readonly derived: number | undefined;
  /** The async context that its handlers will run in. */
  readonly frame: number | undefined;
  readonly next: number | undefined;
}

/** Reads one `PromiseReaction` by what its edges lead to, since their order differs by version. */
function readReaction(graph: HeapGraph, nodes: PromiseNodes, reaction: number): ReactionParts {
  const hidden = typeIndex(graph.edgeTypes, "hidden");
  const handlers: number[] = [];
  let derived: number | undefined;
  let frame: number | undefined;
  let next: number | undefined;
  const end = graph.edgeStart[reaction + 1] as number;
  for (let edge = graph.edgeStart[reaction] as number; edge < end; edge++) {
    if (graph.edgeType[edge] !== hidden) continue;
    const to = graph.edgeTo[edge] as number;
    const name = graph.nodeName[to];
    if (name === nodes.reactionName) next = to;
    else if (graph.nodeType[to] === nodes.closureType) handlers.push(to);
    else if (name === nodes.frameName) frame = to;
    else if (name === nodes.capabilityName || isPromise(graph, nodes, to)) derived = to;
  }
  return { handlers, derived, frame, next };
}

/** True for a promise of any class: one that waits, or one called `Promise`. */
export function isPromise(graph: HeapGraph, nodes: PromiseNodes, node: number): boolean {
  return nodes.isPending[node] === 1 || graph.nodeName[node] === nodes.promiseName;
}

/** Every reaction of a pending promise, in the graph's order. */
export function* listReactions(
  graph: HeapGraph,
  nodes: PromiseNodes,
  promise: number,
): Generator<ReactionParts, void, undefined> {
  let reaction = internalTarget(graph, promise, nodes.reactionsEdge);
  for (let steps = 0; reaction !== undefined && steps < REACTIONS_MAX; steps++) {
    if (graph.nodeName[reaction] !== nodes.reactionName) return;
    const parts = readReaction(graph, nodes, reaction);
    yield parts;
    reaction = parts.next;
  }
}

/** Reactions of one promise that are looked at; a shared promise can have as many as it has waiters. */
const REACTIONS_MAX = 100_000;

/** Where the internal edge of a name leads, if the node has one. */
export function internalTarget(graph: HeapGraph, node: number, name: number): number | undefined {
  const internal = typeIndex(graph.edgeTypes, "internal");
  const end = graph.edgeStart[node + 1] as number;
  for (let edge = graph.edgeStart[node] as number; edge < end; edge++) {
    if (graph.edgeName[edge] === name && graph.edgeType[edge] === internal) {
      return graph.edgeTo[edge];
    }
  }
  return undefined;
}

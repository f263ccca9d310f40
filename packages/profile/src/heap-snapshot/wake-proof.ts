/**
 * The proof that a suspended task can never wake: Go's leak detection, on the heap graph.
 *
 * A pending promise wakes whoever waits for it only if something live can settle it. What holds
 * a promise to read it (a variable, a property, an array element) cannot settle it; a resolve
 * function, a live suspended function for its own promise, a live reaction for the promise it
 * derives, and everything native can. Starting at the roots, everything is marked live except
 * the waiters of promises that nothing live can settle; what is left unmarked can never run.
 *
 * Where the graph does not say whether a holder can settle, it counts as one that can: a false
 * "stuck" is worse than a miss.
 *
 * Source of the idea: V. Saioc et al., "Dynamic Partial Deadlock Detection and Recovery via
 * Garbage Collection", ASPLOS 2025, which Go's `goroutineleak` profile follows.
 */
import { type HeapGraph, typeIndex } from "./heap-graph.ts";
import { internalTarget, type PromiseNodes } from "./promise-nodes.ts";

/** What the walk from the roots reached. */
export interface WakeProof {
  /** 1 for a node that can still run or be used; a suspended task with 0 can never wake. */
  readonly isLive: Uint8Array;
  /** The edge through which a live node was first reached, 0xffffffff for the root. */
  readonly reachedBy: Uint32Array;
  /** The node that edge belongs to. */
  readonly reachedFrom: Uint32Array;
}

const NONE = 0xffffffff;

/** Marks everything that can still run. Linear in nodes and edges. */
export function proveWakes(graph: HeapGraph, nodes: PromiseNodes): WakeProof {
  const walk = startWalk(graph, nodes);
  const { edgeStart, edgeTo, edgeType } = graph;
  const weak = typeIndex(graph.edgeTypes, "weak");
  // Breadth first, so that the way to each node is a shortest one: it is printed for people.
  for (let head = 0; head < walk.length; head++) {
    const node = walk.queue[head] as number;
    const end = edgeStart[node + 1] as number;
    for (let edge = edgeStart[node] as number; edge < end; edge++) {
      if (edgeType[edge] === weak) continue;
      const to = edgeTo[edge] as number;
      if (nodes.isPending[to] === 1) {
        if (canSettle(walk, node, edge)) settle(walk, to, node, edge);
      } else if (nodes.isPending[node] === 1 && graph.nodeName[to] === nodes.reactionName) {
        // Holding a promise does not run what waits for it; `settle` takes this edge.
        continue;
      }
      reach(walk, to, node, edge);
    }
  }
  return { isLive: walk.isLive, reachedBy: walk.reachedBy, reachedFrom: walk.reachedFrom };
}

interface Walk {
  readonly graph: HeapGraph;
  readonly nodes: PromiseNodes;
  readonly isLive: Uint8Array;
  readonly isSettleable: Uint8Array;
  readonly isNativeHeld: Uint8Array;
  readonly reachedBy: Uint32Array;
  readonly reachedFrom: Uint32Array;
  readonly queue: Uint32Array;
  readonly holderTypes: ReadonlySet<number>;
  readonly variableEdge: number;
  readonly propertyEdge: number;
  readonly elementEdge: number;
  length: number;
}

function startWalk(graph: HeapGraph, nodes: PromiseNodes): Walk {
  const count = graph.nodeCount;
  const walk: Walk = {
    graph,
    nodes,
    isLive: new Uint8Array(count),
    isSettleable: new Uint8Array(count),
    isNativeHeld: findNativeHeld(graph),
    reachedBy: new Uint32Array(count).fill(NONE),
    reachedFrom: new Uint32Array(count).fill(NONE),
    queue: new Uint32Array(count),
    holderTypes: new Set(
      (["array", "object", "closure"] as const).map((name) => typeIndex(graph.nodeTypes, name)),
    ),
    variableEdge: typeIndex(graph.edgeTypes, "context"),
    propertyEdge: typeIndex(graph.edgeTypes, "property"),
    elementEdge: typeIndex(graph.edgeTypes, "element"),
    length: 0,
  };
  if (count > 0) {
    walk.isLive[0] = 1;
    walk.queue[walk.length++] = 0;
  }
  return walk;
}

function reach(walk: Walk, to: number, from: number, edge: number): void {
  if (walk.isLive[to] === 1) return;
  walk.isLive[to] = 1;
  walk.reachedBy[to] = edge;
  walk.reachedFrom[to] = from;
  walk.queue[walk.length++] = to;
}

/** The promise can be settled: whatever waits for it is live. */
function settle(walk: Walk, promise: number, from: number, edge: number): void {
  if (walk.isSettleable[promise] === 1) return;
  walk.isSettleable[promise] = 1;
  const { graph, nodes } = walk;
  const reaction = internalTarget(graph, promise, nodes.reactionsEdge);
  if (reaction !== undefined) reach(walk, reaction, from, edge);
}

/** Whether a live node's edge to a pending promise is one that can settle it, not only read it. */
function canSettle(walk: Walk, from: number, edge: number): boolean {
  const { graph } = walk;
  const edgeType = graph.edgeType[edge];
  // A variable of the program: it can be awaited through, never settled through.
  if (edgeType === walk.variableEdge) return false;
  const fromType = graph.nodeType[from] as number;
  if (walk.isNativeHeld[from] === 1 || !walk.holderTypes.has(fromType)) return true;
  // Properties and elements are how programs keep a promise to wait for it.
  if (edgeType === walk.propertyEdge || edgeType === walk.elementEdge) return false;
  return graph.nodeTypes[fromType] !== "array";
}

/**
 * Objects that native code holds on to: it may settle a promise that is a property of one
 * (Node's `FSReqPromise` does). The global object is held by everyone and settles nothing. V8 itself keeps
 * the promises of `Atomics.waitAsync` in a table of the context, for other threads to settle.
 */
function findNativeHeld(graph: HeapGraph): Uint8Array {
  const native = typeIndex(graph.nodeTypes, "native");
  const synthetic = typeIndex(graph.nodeTypes, "synthetic");
  const weak = typeIndex(graph.edgeTypes, "weak");
  const globals = new Set(graph.strings.findPrefixed("global"));
  const context = graph.strings.find("system / NativeContext");
  const waitAsync = graph.strings.find("atomics_waitasync_promises");
  const held = new Uint8Array(graph.nodeCount);
  for (let node = 0; node < graph.nodeCount; node++) {
    const type = graph.nodeType[node];
    if (graph.nodeName[node] === context) {
      const table = internalTarget(graph, node, waitAsync);
      if (table !== undefined) held[table] = 1;
    }
    if (type !== native && type !== synthetic) continue;
    const end = graph.edgeStart[node + 1] as number;
    for (let edge = graph.edgeStart[node] as number; edge < end; edge++) {
      const to = graph.edgeTo[edge] as number;
      if (graph.edgeType[edge] === weak || globals.has(graph.nodeName[to] as number)) continue;
      held[to] = 1;
    }
  }
  return held;
}

/** One step of the way from the roots to a live node. */
export interface WakeStep {
  /** Node of the holder. */
  readonly node: number;
  /** What the holder is called, e.g. `Mutex`. */
  readonly holder: string;
  /** The edge it holds the next step by, e.g. `queue` or `0`. */
  readonly through: string;
}

/** How a live node is reached, root first: who could wake it. At most {@link STEPS_MAX} steps. */
export function wakePath(graph: HeapGraph, proof: WakeProof, node: number): readonly WakeStep[] {
  const steps: WakeStep[] = [];
  let at = node;
  while (steps.length < STEPS_MAX && proof.reachedBy[at] !== NONE) {
    const edge = proof.reachedBy[at] as number;
    at = proof.reachedFrom[at] as number;
    steps.push({
      node: at,
      holder: graph.strings.at(graph.nodeName[at] as number),
      through: edgeLabel(graph, edge),
    });
  }
  return steps.toReversed();
}

const STEPS_MAX = 256;

function edgeLabel(graph: HeapGraph, edge: number): string {
  const type = graph.edgeTypes[graph.edgeType[edge] as number];
  const name = graph.edgeName[edge] as number;
  return type === "element" || type === "hidden" ? String(name) : graph.strings.at(name);
}

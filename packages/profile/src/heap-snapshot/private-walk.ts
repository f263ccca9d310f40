/**
 * Walks over what belongs to one thing alone: from a suspended function or a counted object along everything that
 * it holds, as far as that is not shared with others of its kind. Two things that meet on such a walk hang together;
 * two that are both held by the module's variables do not.
 */
import { type EdgeType, type HeapGraph, type NodeType, typeIndex } from "./heap-graph.ts";
import type { PromiseNodes } from "./promise-nodes.ts";

/** Nodes that one walk looks at. */
const STEPS_MAX = 600;

/** What more walks than this arrive at is shared. */
const SHARED_BY_MAX = 3;

/** Things of one kind that it is learnt from. */
const LEARNT_FROM_MAX = 64;

/** How often it is looked for what is shared behind the steps of the time before. */
const ROUNDS_MAX = 6;

/** Ends of a walk: they hold nothing of the program's. */
const LEAF_TYPES: readonly NodeType[] = [
  "string",
  "concatenated string",
  "sliced string",
  "number",
  "symbol",
  "bigint",
  "code",
  "regexp",
  "object shape",
  "synthetic",
];

/** Internal edges to what all objects of a class, or all closures of a function, share. */
const SHARED_EDGES: readonly string[] = ["map", "shared", "feedback_cell", "code", "initial_map"];

/** Properties to what all objects of a class share, to neighbours in a list, and to the request that V8 or Node notes. */
const SHARED_PROPERTIES: readonly string[] = [
  "__proto__",
  "constructor",
  "prototype",
  "_idleNext",
  "_idlePrev",
  "<symbol kResourceStore>",
];

/** Nodes whose name says that they lead everywhere. */
const SHARED_NODES: readonly string[] = ["AsyncContextFrame", "system / NativeContext"];

interface Walk {
  readonly seen: Set<number>;
  /** Promises that were seen and not walked on from, see {@link PrivateWalk}. */
  readonly isReadOnly: Set<number>;
  front: readonly number[];
}

/** Walks over one graph; what is shared is learnt with {@link learnShared} first. */
export class PrivateWalk {
  readonly #graph: HeapGraph;
  readonly #isLeafType: Uint8Array;
  readonly #isShared: Uint8Array;
  readonly #skipped: ReadonlySet<number>;
  readonly #skippedProperties: ReadonlySet<number>;
  readonly #property: number;
  readonly #internal: number;
  readonly #weak: number;
  readonly #reading: ReadonlySet<number>;
  readonly #isPending: Uint8Array;

  constructor(graph: HeapGraph, { isPending }: Pick<PromiseNodes, "isPending">) {
    const { nodeCount, strings } = graph;
    const edge = (name: EdgeType): number => typeIndex(graph.edgeTypes, name);
    this.#graph = graph;
    this.#property = edge("property");
    this.#internal = edge("internal");
    this.#weak = edge("weak");
    this.#reading = new Set((["context", "property", "element"] as const).map(edge));
    this.#isPending = isPending;
    this.#isLeafType = new Uint8Array(256);
    for (const name of LEAF_TYPES) this.#isLeafType[typeIndex(graph.nodeTypes, name)] = 1;
    this.#skipped = new Set(SHARED_EDGES.map((name) => strings.find(name)));
    this.#skippedProperties = new Set(SHARED_PROPERTIES.map((name) => strings.find(name)));
    this.#isShared = new Uint8Array(nodeCount);
    const shared = new Set(SHARED_NODES.map((name) => strings.find(name)));
    for (const name of strings.findPrefixed("global")) shared.add(name);
    for (let node = 0; node < nodeCount; node++) {
      if (shared.has(graph.nodeName[node] as number)) this.#isShared[node] = 1;
    }
  }

  /**
   * Marks what several of some things of one kind hold. `sources` are the nodes that each of them starts from. All
   * of them go on step by step together, so that none of them gets past a node that the others arrive at too: what
   * lies behind it is not shared for that.
   */
  learnShared(sources: readonly (readonly number[])[]): void {
    const from = sources.slice(0, LEARNT_FROM_MAX);
    // What a walk finds to be shared leaves it steps for what lies elsewhere, which may be shared as well.
    for (let round = 0; round < ROUNDS_MAX; round++) if (!this.#learnOnce(from)) return;
  }

  #learnOnce(sources: readonly (readonly number[])[]): boolean {
    const walks = sources.map((source) => this.#start(source));
    const arrivals = new Map<number, number>();
    let isNew = false;
    while (walks.some(({ front }) => front.length > 0)) {
      const fronts = walks.flatMap(({ front }) => front);
      for (const node of fronts) arrivals.set(node, (arrivals.get(node) ?? 0) + 1);
      for (const node of fronts) {
        if ((arrivals.get(node) ?? 0) <= SHARED_BY_MAX || this.#isShared[node] === 1) continue;
        this.#isShared[node] = 1;
        isNew = true;
      }
      for (const walk of walks) this.#stepOn(walk);
    }
    return isNew;
  }

  /** Everything on the way, nearest first, the starting nodes included. Shared nodes end it and are not among them. */
  from(source: readonly number[]): readonly number[] {
    const walk = this.#start(source);
    while (walk.front.length > 0) this.#stepOn(walk);
    return [...walk.seen];
  }

  #start(source: readonly number[]): Walk {
    const front = source.filter((node) => this.#isShared[node] === 0);
    return { seen: new Set(front), isReadOnly: new Set(), front };
  }

  #stepOn(walk: Walk): void {
    const { seen, isReadOnly } = walk;
    const next: number[] = [];
    for (const node of walk.front) {
      if (this.#isShared[node] === 1) continue;
      for (const [to, isRead] of this.#following(node)) {
        if (seen.size >= STEPS_MAX) break;
        if (this.#isShared[to] === 1) continue;
        const isFirst = !seen.has(to);
        seen.add(to);
        if (isRead) {
          if (isFirst) isReadOnly.add(to);
        } else if (isFirst || isReadOnly.delete(to)) next.push(to);
      }
    }
    walk.front = next;
  }

  /** What a node holds; a promise that it can only read wakes nobody who waits for it. */
  *#following(node: number): Generator<readonly [to: number, isRead: boolean], void, undefined> {
    const { edgeStart, edgeTo, edgeType, nodeType } = this.#graph;
    if (this.#isLeafType[nodeType[node] as number] === 1) return;
    const end = edgeStart[node + 1] as number;
    for (let edge = edgeStart[node] as number; edge < end; edge++) {
      if (!this.#leadsOn(edge)) continue;
      const to = edgeTo[edge] as number;
      const isRead = this.#isPending[to] === 1 && this.#reading.has(edgeType[edge] as number);
      yield [to, isRead];
    }
  }

  #leadsOn(edge: number): boolean {
    const type = this.#graph.edgeType[edge];
    const name = this.#graph.edgeName[edge] as number;
    if (type === this.#weak) return false;
    if (type === this.#internal) return !this.#skipped.has(name);
    return type !== this.#property || !this.#skippedProperties.has(name);
  }
}

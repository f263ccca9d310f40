/** Reads objects of a heap graph by the names of their properties. */
import type { Frame } from "../goroutine-dump.ts";
import { functionPlace } from "./function-place.ts";
import { type EdgeType, type HeapGraph, type NodeType, typeIndex } from "./heap-graph.ts";
import { internalTarget } from "./promise-nodes.ts";

const ODDBALL = "system / Oddball";
const OWN_CODE = /^(?!node:|internal\/|native |\?\?$)./;

/** One graph with the types that a census asks for. */
export class HeapReader {
  readonly graph: HeapGraph;
  readonly #property: number;
  readonly #element: number;
  readonly #hidden: number;
  readonly #internal: number;
  readonly #closure: number;
  readonly #object: number;
  readonly #hiddenNode: number;
  readonly #places = new Map<number, Frame>();
  readonly #having: ReadonlyMap<number, readonly number[]>;

  constructor(graph: HeapGraph) {
    this.graph = graph;
    this.#having = indexProperties(graph);
    const edge = (name: EdgeType): number => typeIndex(graph.edgeTypes, name);
    const node = (name: NodeType): number => typeIndex(graph.nodeTypes, name);
    this.#property = edge("property");
    this.#element = edge("element");
    this.#hidden = edge("hidden");
    this.#internal = edge("internal");
    this.#closure = node("closure");
    this.#object = node("object");
    this.#hiddenNode = node("hidden");
  }

  /** Index of a name in the graph's strings, -1 without. */
  id(name: string): number {
    return this.graph.strings.find(name);
  }

  nameOf(node: number): string {
    const name = this.graph.strings.at(this.graph.nodeName[node] as number);
    return name === ODDBALL ? this.#nameOddball(node) : name;
  }

  /** Up to Node 22 `null`, `true` and their like are all called the same; each leads to its text. */
  #nameOddball(node: number): string {
    const { edgeStart, edgeTo, nodeName, strings } = this.graph;
    const end = edgeStart[node + 1] as number;
    for (let edge = edgeStart[node] as number; edge < end; edge++) {
      const text = strings.at(nodeName[edgeTo[edge] as number] as number);
      if (/^(?:undefined|null|true|false)$/.test(text)) return text;
    }
    return ODDBALL;
  }

  isClosure(node: number): boolean {
    return this.graph.nodeType[node] === this.#closure;
  }

  isObject(node: number): boolean {
    return this.graph.nodeType[node] === this.#object;
  }

  /** Every object that has a property, of those that a census asks for by name. */
  having(name: string): readonly number[] {
    return this.#having.get(this.id(name)) ?? [];
  }

  /** Where a property leads; undefined without such a property. */
  property(node: number, name: number): number | undefined {
    const { edgeStart, edgeType, edgeName, edgeTo } = this.graph;
    const end = edgeStart[node + 1] as number;
    for (let edge = edgeStart[node] as number; edge < end; edge++) {
      if (edgeName[edge] === name && edgeType[edge] === this.#property) return edgeTo[edge];
    }
    return undefined;
  }

  /** True when a property holds `true`. */
  isTrue(node: number, name: number): boolean {
    return this.#isNamed(this.property(node, name), "true");
  }

  /** True when a property is there and holds neither `undefined`, `null` nor `false`. */
  isSet(node: number, name: number): boolean {
    const to = this.property(node, name);
    return to !== undefined && !/^(?:undefined|null|false)$/.test(this.nameOf(to));
  }

  #isNamed(node: number | undefined, name: string): boolean {
    return node !== undefined && this.nameOf(node) === name;
  }

  /** Every property with a name, `__proto__` and `constructor` left out. */
  *properties(node: number): Generator<readonly [name: string, to: number], void, undefined> {
    const { edgeStart, edgeType, edgeName, edgeTo, strings } = this.graph;
    const end = edgeStart[node + 1] as number;
    for (let edge = edgeStart[node] as number; edge < end; edge++) {
      if (edgeType[edge] !== this.#property) continue;
      const name = strings.at(edgeName[edge] as number);
      if (name !== "__proto__" && name !== "constructor") {
        yield [name, edgeTo[edge] as number];
      }
    }
  }

  /** What an array holds, or the keys and values of a map or set. Numbers have no node, so they are absent. */
  members(node: number): readonly number[] {
    const { edgeStart, edgeType, edgeTo, nodeType } = this.graph;
    const table = internalTarget(this.graph, node, this.id("table"));
    const from = table ?? node;
    const found: number[] = [];
    const end = edgeStart[from + 1] as number;
    for (let edge = edgeStart[from] as number; edge < end; edge++) {
      const type = edgeType[edge];
      const isMember =
        type === this.#element ||
        (table !== undefined && (type === this.#internal || type === this.#hidden));
      const to = edgeTo[edge] as number;
      if (isMember && nodeType[to] !== this.#hiddenNode) found.push(to);
    }
    return found;
  }

  heapId(node: number): number {
    return this.graph.nodeId[node] as number;
  }

  /** Where a function was written. */
  placeOf(closure: number): Frame {
    const known = this.#places.get(closure);
    if (known !== undefined) return known;
    const { name, file, line } = functionPlace(this.graph, closure);
    const frame = { function: name || "(anonymous)", file: file || "??", line };
    this.#places.set(closure, frame);
    return frame;
  }

  /** The first of some functions that Node did not bring; the service's own before a dependency's. */
  ownPlace(closures: readonly number[]): Frame | undefined {
    const own = closures.map((each) => this.placeOf(each)).filter(({ file }) => isOwnFile(file));
    return own.find(({ file }) => !file.includes("node_modules/")) ?? own[0];
  }
}

/** Properties that objects are looked for by. */
const SOUGHT: readonly string[] = [
  "_destroyed",
  "_events",
  "<symbol kEvents>",
  "_consuming",
  "paused",
  "freeSockets",
  "<symbol client>",
  "<symbol clients>",
  "<symbol kHandle>",
  "_handle",
  "<symbol handle>",
  "<symbol kFs>",
];

/** One scan over all edges, instead of one over all objects for each question. */
function indexProperties(graph: HeapGraph): ReadonlyMap<number, readonly number[]> {
  const { edgeStart, edgeType, edgeName, nodeType, nodeCount, strings } = graph;
  const property = typeIndex(graph.edgeTypes, "property");
  const object = typeIndex(graph.nodeTypes, "object");
  const isSought = new Uint8Array(strings.count);
  const found = new Map<number, number[]>();
  for (const name of SOUGHT) {
    const id = strings.find(name);
    if (id < 0) continue;
    isSought[id] = 1;
    found.set(id, []);
  }
  for (let node = 0; node < nodeCount; node++) {
    if (nodeType[node] !== object) continue;
    const end = edgeStart[node + 1] as number;
    for (let edge = edgeStart[node] as number; edge < end; edge++) {
      const name = edgeName[edge] as number;
      if (edgeType[edge] === property && isSought[name] === 1) found.get(name)?.push(node);
    }
  }
  return found;
}

/** True for a file that is no part of Node itself. */
export function isOwnFile(file: string): boolean {
  return OWN_CODE.test(file);
}

/**
 * Who holds an object, in the program's own words: the variable or field on the way from the roots, and the
 * file where it was written. `receipts` of `orders.ts`, `#series` of a `Histogram`.
 */
import type { Frame } from "../goroutine-dump.ts";
import { type HeapGraph, typeIndex } from "./heap-graph.ts";
import { type HeapReader, isOwnFile } from "./heap-reader.ts";
import { functionPlace } from "./function-place.ts";
import { internalTarget } from "./promise-nodes.ts";
import type { WakeProof } from "./wake-proof.ts";

/** A variable or a field that leads to an object. */
export interface Holder {
  /** `receipts`, or `Histogram.#series`. */
  readonly name: string;
  /** The class, or the variable in its file with line 0; none for a property of the global object. */
  readonly place?: Frame;
}

const STEPS_MAX = 40;
/** A variable of a module lies in a cell. */
const CELLS_MAX = 3;
/** Fields that Node's own classes keep on objects of the program's. */
const NODES_OWN = /\.(?:_events|_readableState|_writableState|<symbol .*)$/;

/** Answers who holds what, for one graph. */
export class HolderNames {
  readonly #reader: HeapReader;
  readonly #proof: WakeProof;
  readonly #variable: number;
  readonly #property: number;
  readonly #scopes: ReadonlyMap<number, string>;
  readonly #known = new Map<number, Holder | undefined>();

  constructor(reader: HeapReader, proof: WakeProof) {
    this.#reader = reader;
    this.#proof = proof;
    this.#variable = typeIndex(reader.graph.edgeTypes, "context");
    this.#property = typeIndex(reader.graph.edgeTypes, "property");
    this.#scopes = findScopes(reader.graph);
  }

  isLive(node: number): boolean {
    return this.#proof.isLive[node] === 1;
  }

  /** The innermost holder on a shortest way from the roots that the program named itself. */
  of(node: number): Holder | undefined {
    let at = node;
    for (let steps = 0; steps < STEPS_MAX && this.isLive(at); steps++) {
      const edge = this.#proof.reachedBy[at] as number;
      if (edge >= this.#reader.graph.edgeCount) return undefined;
      const from = this.#proof.reachedFrom[at] as number;
      const holder = this.#nameEdge(from, edge);
      if (holder !== undefined) return holder;
      at = from;
    }
    return undefined;
  }

  /**
   * Holders of objects that are first reached on another way, e.g. through a native handle: whoever has one
   * of them as a member or a property. One scan over all edges.
   */
  ofAny(nodes: ReadonlySet<number>): ReadonlyMap<number, Holder> {
    const { edgeStart, edgeTo, edgeType, edgeName, nodeCount } = this.#reader.graph;
    const found = new Map<number, Holder>();
    const weak = typeIndex(this.#reader.graph.edgeTypes, "weak");
    for (let from = 0; from < nodeCount; from++) {
      const end = edgeStart[from + 1] as number;
      for (let edge = edgeStart[from] as number; edge < end; edge++) {
        const to = edgeTo[edge] as number;
        if (!nodes.has(to) || found.has(to) || edgeType[edge] === weak || !this.isLive(from))
          continue;
        const named = edgeName[edge] === undefined ? undefined : this.#nameEdge(from, edge);
        const holder = named ?? (this.#isMember(from) ? this.directlyOf(from) : undefined);
        if (holder !== undefined && !NODES_OWN.test(holder.name)) found.set(to, holder);
      }
    }
    return found;
  }

  #isMember(from: number): boolean {
    return /^(?:Array|Map|Set|)$/.test(this.#reader.nameOf(from));
  }

  /** The holder of an object that is a variable or a field itself, not something within one. */
  directlyOf(node: number): Holder | undefined {
    let at = node;
    for (let steps = 0; steps < CELLS_MAX && this.isLive(at); steps++) {
      const edge = this.#proof.reachedBy[at] as number;
      if (edge >= this.#reader.graph.edgeCount) return undefined;
      const from = this.#proof.reachedFrom[at] as number;
      const holder = this.#nameEdge(from, edge);
      if (holder !== undefined) return NODES_OWN.test(holder.name) ? undefined : holder;
      if (!/^system \/ (?:Cell|Context)/.test(this.#reader.nameOf(from))) return undefined;
      at = from;
    }
    return undefined;
  }

  /** `ActiveChannel._subscribers`: the object and the property that an object is first reached by, whoever wrote them. */
  edgeNameOf(node: number): string | undefined {
    const edge = this.#proof.reachedBy[node] as number;
    const { graph } = this.#reader;
    if (!this.isLive(node) || edge >= graph.edgeCount) return undefined;
    if (graph.edgeType[edge] !== this.#property) return undefined;
    const owner = this.#reader.nameOf(this.#proof.reachedFrom[node] as number);
    // A plain object has no name to tell; the one with an emitter's events is counted by emitter.
    if (owner === "Object") return undefined;
    const name = `${owner}.${graph.strings.at(graph.edgeName[edge] as number)}`;
    return NODES_OWN.test(name) || name.endsWith(".__proto__") ? undefined : name;
  }

  #nameEdge(from: number, edge: number): Holder | undefined {
    if (this.#known.has(edge)) return this.#known.get(edge);
    const holder = this.#readEdge(from, edge);
    this.#known.set(edge, holder);
    return holder;
  }

  #readEdge(from: number, edge: number): Holder | undefined {
    const { graph } = this.#reader;
    const name = graph.strings.at(graph.edgeName[edge] as number);
    if (graph.edgeType[edge] === this.#variable) {
      const file = this.#scopes.get(from);
      if (file === undefined || !isOwnFile(file)) return undefined;
      return { name, place: { function: name, file, line: 0 } };
    }
    if (graph.edgeType[edge] !== this.#property || name === "__proto__") return undefined;
    // V8 knows the place of an object's class as that of the object.
    const { file, line } = functionPlace(graph, from);
    if (!isOwnFile(file === "" ? "??" : file)) return this.#readClass(from, name);
    const owner = this.#reader.nameOf(from);
    return { name: `${owner}.${name}`, place: { function: owner, file, line } };
  }

  /** By the class's constructor, where the object itself has no place. */
  #readClass(from: number, name: string): Holder | undefined {
    const { graph } = this.#reader;
    if (this.#reader.nameOf(from).startsWith("global")) return { name: `globalThis.${name}` };
    const prototype = this.#reader.property(from, this.#reader.id("__proto__"));
    if (prototype === undefined) return undefined;
    const constructor = this.#reader.property(prototype, this.#reader.id("constructor"));
    if (constructor === undefined || !this.#reader.isClosure(constructor)) return undefined;
    const { file, line } = functionPlace(graph, constructor);
    if (!isOwnFile(file === "" ? "??" : file)) return undefined;
    const owner = this.#reader.nameOf(from);
    return { name: `${owner}.${name}`, place: { function: owner, file, line } };
  }
}

/** The file of each scope, told by the functions that were made in it; module variables lie in cells of their module. */
function findScopes(graph: HeapGraph): ReadonlyMap<number, string> {
  const scopes = new Map<number, string>();
  const closure = typeIndex(graph.nodeTypes, "closure");
  const context = graph.strings.find("context");
  const previous = graph.strings.find("previous");
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.nodeType[node] !== closure) continue;
    let scope = internalTarget(graph, node, context);
    if (scope === undefined || scopes.has(scope)) continue;
    const { file } = functionPlace(graph, node);
    if (file === "") continue;
    for (let depth = 0; scope !== undefined && !scopes.has(scope) && depth < 20; depth++) {
      scopes.set(scope, file);
      scope = internalTarget(graph, scope, previous);
    }
  }
  return scopes;
}

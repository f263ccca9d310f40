/**
 * Nodes of a growing tree, found by (parent, frame).
 *
 * Most nodes have one child, which needs no looking up. Only the children of nodes with
 * several are hashed, in an open-addressing table of node numbers with linear probing.
 * A node costs 16 bytes, or about 24 when it is hashed.
 */
import { NO_NODE } from "./call-tree.ts";

const START_NODES = 4096;

/** Twice the room, the new part filled with {@link NO_NODE}. */
function grow(column: Int32Array): Int32Array {
  const wider = new Int32Array(column.length * 2).fill(NO_NODE, column.length);
  wider.set(column);
  return wider;
}

function hashOf(parent: number, frame: number): number {
  const hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(frame, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}

/** The columns of a finished index, each of `nodeCount` rows. */
export interface IndexedNodes {
  readonly nodeCount: number;
  readonly parent: Int32Array;
  readonly frame: Uint32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
}

/** Finds or adds children. Node 0, the root, exists from the start. */
export class NodeIndex {
  readonly #nodesMax: number;
  #nodeCount = 1;
  #parent: Int32Array = new Int32Array(START_NODES).fill(NO_NODE);
  #frame: Int32Array = new Int32Array(START_NODES);
  #firstChild: Int32Array = new Int32Array(START_NODES).fill(NO_NODE);
  #nextSibling: Int32Array = new Int32Array(START_NODES).fill(NO_NODE);
  /** Node numbers; 0 marks a free slot, since the root is nobody's child. */
  #table: Int32Array = new Int32Array(START_NODES);
  #hashed = 0;

  constructor(nodesMax: number = 2 ** 31 - 1) {
    this.#nodesMax = nodesMax;
    this.#frame[0] = 0;
  }

  get nodeCount(): number {
    return this.#nodeCount;
  }

  /** The child of `parent` for `frame`, added when new; {@link NO_NODE} when there is no room. */
  childOf(parent: number, frame: number): number {
    const first = this.#firstChild[parent]!;
    if (first === NO_NODE) {
      const added = this.#add(parent, frame);
      this.#firstChild[parent] = added;
      return added;
    }
    if (this.#frame[first] === frame) return first;
    const isOnly = this.#nextSibling[first] === NO_NODE;
    const known = isOnly ? NO_NODE : this.#find(parent, frame);
    return known === NO_NODE ? this.#addSibling(first, frame) : known;
  }

  /** A second child makes both of them hashed; later ones come after the first in the list. */
  #addSibling(first: number, frame: number): number {
    const added = this.#add(this.#parent[first]!, frame);
    if (added === NO_NODE) return NO_NODE;
    if (this.#nextSibling[first] === NO_NODE) this.#hash(first);
    this.#hash(added);
    this.#nextSibling[added] = this.#nextSibling[first]!;
    this.#nextSibling[first] = added;
    return added;
  }

  #find(parent: number, frame: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let slot = hashOf(parent, frame) & mask; ; slot = (slot + 1) & mask) {
      const node = table[slot]!;
      if (node === 0) return NO_NODE;
      if (this.#frame[node] === frame && this.#parent[node] === parent) return node;
    }
  }

  #add(parent: number, frame: number): number {
    if (this.#nodeCount >= this.#nodesMax) return NO_NODE;
    const node = this.#nodeCount++;
    if (node === this.#parent.length) this.#grow();
    this.#parent[node] = parent;
    this.#frame[node] = frame;
    return node;
  }

  #grow(): void {
    this.#parent = grow(this.#parent);
    this.#frame = grow(this.#frame);
    this.#firstChild = grow(this.#firstChild);
    this.#nextSibling = grow(this.#nextSibling);
  }

  #hash(node: number): void {
    if (++this.#hashed * 2 > this.#table.length) this.#rehash();
    this.#place(node);
  }

  #place(node: number): void {
    const table = this.#table;
    const mask = table.length - 1;
    let slot = hashOf(this.#parent[node]!, this.#frame[node]!) & mask;
    while (table[slot] !== 0) slot = (slot + 1) & mask;
    table[slot] = node;
  }

  #rehash(): void {
    const before = this.#table;
    this.#table = new Int32Array(before.length * 2);
    for (const node of before) if (node !== 0) this.#place(node);
  }

  /** The columns, cut to length. The index must not be used afterwards. */
  finish(): IndexedNodes {
    const count = this.#nodeCount;
    const frame = new Uint32Array(this.#frame.buffer, 0, count);
    return {
      nodeCount: count,
      parent: this.#parent.subarray(0, count),
      frame,
      firstChild: this.#firstChild.subarray(0, count),
      nextSibling: this.#nextSibling.subarray(0, count),
    };
  }
}

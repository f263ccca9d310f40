/**
 * Nodes of a growing tree, found by (parent, frame). An open-addressing table with linear
 * probing; an entry is 16 bytes so that one lookup touches one cache line.
 */
const ENTRY_INTS = 4;

/** Doubles a typed array's room, keeping its content. */
function grow(column: Int32Array): Int32Array {
  const wider = new Int32Array(column.length * 2);
  wider.set(column);
  return wider;
}

/** Finds or adds children. Node 0, the root, exists from the start. */
export class NodeIndex {
  #nodeCount = 1;
  #parent: Int32Array = new Int32Array(1024);
  #frame: Int32Array = new Int32Array(1024);
  /** Entries of parent, frame, node, padding; node 0 marks a free entry. */
  #table: Int32Array = new Int32Array(4096 * ENTRY_INTS);
  #mask = 4095;

  constructor() {
    this.#parent[0] = -1;
  }

  get nodeCount(): number {
    return this.#nodeCount;
  }

  /** The child of `parent` for `frame`, added when new. */
  childOf(parent: number, frame: number): number {
    const table = this.#table;
    const mask = this.#mask;
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(frame, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = slot * ENTRY_INTS;
      const node = table[entry + 2]!;
      if (node === 0) return this.#add(entry, parent, frame);
      if (table[entry] === parent && table[entry + 1] === frame) return node;
    }
  }

  #add(entry: number, parent: number, frame: number): number {
    const node = this.#nodeCount++;
    if (node >= this.#parent.length) {
      this.#parent = grow(this.#parent);
      this.#frame = grow(this.#frame);
    }
    this.#parent[node] = parent;
    this.#frame[node] = frame;
    this.#table[entry] = parent;
    this.#table[entry + 1] = frame;
    this.#table[entry + 2] = node;
    if (node * 2 > this.#mask) this.#rehash();
    return node;
  }

  #rehash(): void {
    const mask = this.#mask * 2 + 1;
    const table = new Int32Array((mask + 1) * ENTRY_INTS);
    for (let node = 1; node < this.#nodeCount; node++) {
      const parent = this.#parent[node]!;
      const frame = this.#frame[node]!;
      let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(frame, 0x85ebca6b);
      hash ^= hash >>> 15;
      let slot = hash & mask;
      while (table[slot * ENTRY_INTS + 2] !== 0) slot = (slot + 1) & mask;
      table[slot * ENTRY_INTS] = parent;
      table[slot * ENTRY_INTS + 1] = frame;
      table[slot * ENTRY_INTS + 2] = node;
    }
    this.#table = table;
    this.#mask = mask;
  }

  /** The parent and frame columns, cut to length. */
  finish(): { readonly parent: Int32Array; readonly frame: Uint32Array } {
    return {
      parent: this.#parent.slice(0, this.#nodeCount),
      frame: Uint32Array.from(this.#frame.subarray(0, this.#nodeCount)),
    };
  }
}

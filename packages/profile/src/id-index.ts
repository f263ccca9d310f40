/**
 * From the 64-bit ids of a pprof file to row indexes.
 *
 * Nearly every producer numbers its rows 1, 2, 3 …: a plain array answers those.
 * Ids may also be sparse or huge (hashes, addresses); then an open-addressing hash
 * table over both halves answers, without a BigInt or a string key in sight.
 */

/** No row has this id. */
export const NO_ROW = 0xffff_ffff;

/** A direct array may be this much larger than the rows it serves. */
const DIRECT_SPREAD = 8;
const DIRECT_SLACK = 1024;

export class IdIndex {
  /** `direct[id]` is the row or {@link NO_ROW}; empty when the ids are sparse. */
  readonly direct: Uint32Array;
  /** True when the id of row `i` is `i + 1`, for every row. */
  readonly isSequential: boolean;
  /** Low half of row `i`'s id at `2 * i`, high half after it. */
  readonly #ids: Int32Array;
  readonly #slots: Uint32Array;

  /** `ids` are the halves of each row's id. The first of equal ids wins; id 0 means "none". */
  constructor(ids: Int32Array) {
    this.#ids = ids;
    const count = ids.length / 2;
    const idMax = largestId(ids);
    const isDirect = idMax < count * DIRECT_SPREAD + DIRECT_SLACK;
    this.direct = new Uint32Array(isDirect ? idMax + 1 : 0).fill(NO_ROW);
    this.isSequential = isDirect && idMax === count && countsUp(ids);
    this.#slots = new Uint32Array(isDirect ? 0 : slotCount(count)).fill(NO_ROW);
    if (isDirect) this.#fillDirect(count);
    else this.#fillSlots(count);
  }

  /** True when {@link direct} answers every id. */
  get isDirect(): boolean {
    return this.direct.length > 0;
  }

  /** The row of an id given as two halves, or {@link NO_ROW}. */
  rowOf(low: number, high: number): number {
    if (this.isDirect) {
      const key = low >>> 0;
      return high === 0 && key < this.direct.length ? this.direct[key]! : NO_ROW;
    }
    const ids = this.#ids;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hashId(low, high) & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]!;
      if (row === NO_ROW) return NO_ROW;
      if (ids[row * 2] === low && ids[row * 2 + 1] === high) return row;
    }
  }

  #fillDirect(count: number): void {
    for (let row = count - 1; row >= 0; row--) this.direct[this.#ids[row * 2]!] = row;
    this.direct[0] = NO_ROW;
  }

  #fillSlots(count: number): void {
    const ids = this.#ids;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let row = 0; row < count; row++) {
      const low = ids[row * 2]!;
      const high = ids[row * 2 + 1]!;
      if ((low | high) === 0 || this.rowOf(low, high) !== NO_ROW) continue;
      let slot = hashId(low, high) & mask;
      while (slots[slot] !== NO_ROW) slot = (slot + 1) & mask;
      slots[slot] = row;
    }
  }
}

function countsUp(ids: Int32Array): boolean {
  for (let half = 0; half < ids.length; half += 2) {
    if (ids[half] !== half / 2 + 1) return false;
  }
  return true;
}

function largestId(ids: Int32Array): number {
  let largest = 0;
  for (let half = 0; half < ids.length; half += 2) {
    if (ids[half + 1] !== 0) return Number.POSITIVE_INFINITY;
    const id = ids[half]! >>> 0;
    if (id > largest) largest = id;
  }
  return largest;
}

/** A power of two that leaves at least half of the slots free. */
function slotCount(rows: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(rows, 4) * 2));
}

/** Per process, so that nobody can prepare ids that all fall into one slot. */
const seed = Math.trunc(Math.random() * 0x1_0000_0000);

/** Two rounds of Murmur3's finaliser, one per half. */
function hashId(low: number, high: number): number {
  let hash = Math.imul(low ^ seed, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ high, 0xc2b2_ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

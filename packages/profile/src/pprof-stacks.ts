/**
 * Second pass over a pprof file: the stacks of samples become one column. Nearly all
 * bytes of a large profile are location ids, so this is the loop that decides how
 * fast decoding is.
 *
 * In nearly every file the ids are 1, 2, 3 …, so a row is an id less one; that is
 * written at once, and ids that index an array in any other order are looked up
 * once the sample is complete. Only sparse ids go through the hash table.
 */
import { type IdIndex, NO_ROW } from "./id-index.ts";
import type { SampleColumns } from "./profile.ts";
import { fitColumn, growColumn } from "./wide-column.ts";
import { NO_FAULT, WireReader } from "./wire-reader.ts";

export class StackRows {
  readonly #view: DataView;
  readonly #reader: WireReader;
  readonly #ids: IdIndex;
  readonly #isDirect: boolean;
  /** True when ids index an array but are not the row plus one. */
  readonly #isUnordered: boolean;
  /** Largest row that an id may mean before it is looked up. */
  readonly #rowMax: number;
  readonly #offset: Uint32Array;
  #stack: Uint32Array;
  /** Last position from which four bytes can be read at once. */
  readonly #wordMax: number;
  #sample = 0;
  #length = 0;
  /** Negative once an id of the current sample was out of range. */
  #outOfRange = 0;

  /** Entries of all stacks so far. */
  get length(): number {
    return this.#length;
  }

  /** `entryCount` is expected, not a bound. */
  constructor(bytes: Uint8Array, sampleCount: number, entryCount: number, ids: IdIndex) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#reader = new WireReader(bytes);
    this.#ids = ids;
    this.#isDirect = ids.isDirect;
    this.#isUnordered = ids.isDirect && !ids.isSequential;
    this.#rowMax = ids.direct.length - 2;
    this.#offset = new Uint32Array(sampleCount + 1);
    this.#stack = new Uint32Array(entryCount);
    this.#wordMax = bytes.length - 4;
  }

  /** Adds packed ids to the current sample; false when they cannot be read to their end. */
  read(start: number, end: number): boolean {
    if (this.#length + (end - start) > this.#stack.length) this.#grow(end - start);
    if (!this.#isDirect) return this.#readAny(start, end);
    const view = this.#view;
    const stack = this.#stack;
    const rowMax = this.#rowMax;
    const wordEnd = Math.min(end, this.#wordMax + 1);
    let length = this.#length;
    let outOfRange = 0;
    let position = start;
    while (position < wordEnd) {
      const word = view.getInt32(position, true);
      let row = (word & 0x7f) - 1;
      if ((word & 0x8080) === 0x80) {
        position += 2;
        row += (word >>> 1) & 0x3f80;
      } else if ((word & 0x80) === 0) position += 1;
      else if ((word & 0x80_0000) === 0) {
        position += 3;
        row += ((word >>> 1) & 0x3f80) | ((word >>> 2) & 0x1f_c000);
      } else if (word >= 0) {
        position += 4;
        row += ((word >>> 1) & 0x3f80) | ((word >>> 2) & 0x1f_c000) | ((word >>> 3) & 0xfe0_0000);
      } else break;
      outOfRange |= row | (rowMax - row);
      stack[length++] = row;
    }
    this.#length = length;
    this.#outOfRange |= outOfRange;
    return position >= end ? position === end : this.#readAny(position, end);
  }

  /** Ids of any length, near the end of the file too. */
  #readAny(start: number, end: number): boolean {
    const reader = this.#reader;
    reader.seek(start, end);
    while (reader.position < end) {
      if (reader.readVarint()) this.push(reader.low, reader.high);
    }
    return reader.fault === NO_FAULT;
  }

  /** Adds one id, given as its halves, to the current sample. */
  push(low: number, high: number): void {
    if (this.#length === this.#stack.length) this.#grow(1);
    if (!this.#isDirect) {
      const row = this.#ids.rowOf(low, high);
      if (row === NO_ROW) this.#outOfRange = -1;
      this.#stack[this.#length++] = row;
      return;
    }
    const isInRange = high === 0 && low > 0 && low - 1 <= this.#rowMax;
    if (!isInRange) this.#outOfRange = -1;
    this.#stack[this.#length++] = isInRange ? low - 1 : NO_ROW;
  }

  /** Closes the current sample and answers how many of its ids no location has; those are left out. */
  endSample(): number {
    const start = this.#offset[this.#sample]!;
    if (this.#isUnordered) this.#lookUp(start);
    const length = this.#length;
    if (this.#outOfRange < 0) this.#dropMissing(start);
    this.#sample += 1;
    this.#offset[this.#sample] = this.#length;
    return length - this.#length;
  }

  /** Forgets the current sample. */
  undoSample(): void {
    this.#length = this.#offset[this.#sample]!;
    this.#outOfRange = 0;
  }

  #grow(entries: number): void {
    this.#stack = growColumn(this.#stack, Math.ceil((this.#length + entries) * 1.25) + 64);
  }

  #lookUp(start: number): void {
    const stack = this.#stack;
    const { direct } = this.#ids;
    for (let entry = start; entry < this.#length; entry++) {
      const id = stack[entry]! + 1;
      const row = id < direct.length ? direct[id]! : NO_ROW;
      if (row === NO_ROW) this.#outOfRange = -1;
      stack[entry] = row;
    }
  }

  #dropMissing(start: number): void {
    const stack = this.#stack;
    const isSparse = !this.#isDirect;
    let kept = start;
    for (let entry = start; entry < this.#length; entry++) {
      const row = stack[entry]!;
      if (row <= this.#rowMax || (isSparse && row !== NO_ROW)) stack[kept++] = row;
    }
    this.#length = kept;
    this.#outOfRange = 0;
  }

  finish(sampleCount: number): Pick<SampleColumns, "stackOffset" | "stack"> {
    return {
      stackOffset: fitColumn(this.#offset, sampleCount + 1),
      stack: fitColumn(this.#stack, this.#length),
    };
  }
}

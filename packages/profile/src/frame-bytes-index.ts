/** Interns frames of folded stacks by their bytes, without making text of the ones seen before. */
import { growColumn } from "./wide-column.ts";

const EMPTY = 0xffff_ffff;
const SLOTS_MIN = 4096;
const SEMICOLON = 0x3b;
/** FNV-1a, 32 bits. Source: http://www.isthe.com/chongo/tech/comp/fnv/ */
const FNV_BASIS = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;
/** Per process, so that nobody can prepare frames that all fall into one slot. */
const seed = Math.trunc(Math.random() * 0x1_0000_0000);

export class FrameBytesIndex {
  #bytes = new Uint8Array(65_536);
  /** Frame `i` is the bytes `offsets[i] … offsets[i + 1]`. */
  #offsets: Uint32Array = new Uint32Array(SLOTS_MIN / 2 + 1);
  #hashes: Uint32Array = new Uint32Array(SLOTS_MIN / 2);
  #slots = new Uint32Array(SLOTS_MIN).fill(EMPTY);
  #count = 0;
  /** Where the frame ended that was interned last. */
  end = 0;

  /** Distinct frames so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * The number of the frame that starts at `start` and goes up to the next `;`, or up to
   * `limit`; {@link end} is where that was.
   */
  intern(bytes: Uint8Array, start: number, limit: number): number {
    let hash = FNV_BASIS ^ seed;
    let end = start;
    for (; end < limit; end++) {
      const byte = bytes[end]!;
      if (byte === SEMICOLON) break;
      hash = Math.imul(hash ^ byte, FNV_PRIME);
    }
    this.end = end;
    return this.#find(bytes, start, end, finishHash(hash));
  }

  #find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== EMPTY; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]!;
      if (this.#hashes[row] === hash && this.#equals(row, bytes, start, end)) return row;
    }
    this.#slots[slot] = this.#count;
    this.#hashes[this.#count] = hash;
    this.#keep(bytes.subarray(start, end));
    return this.#count - 1;
  }

  /** Every frame as text, in order. */
  texts(): string[] {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return Array.from({ length: this.#count }, (_, row) =>
      decoder.decode(this.#bytes.subarray(this.#offsets[row], this.#offsets[row + 1])),
    );
  }

  #equals(row: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#bytes;
    const ownStart = this.#offsets[row]!;
    if (this.#offsets[row + 1]! - ownStart !== end - start) return false;
    for (let position = start; position < end; position++) {
      if (own[ownStart + position - start] !== bytes[position]) return false;
    }
    return true;
  }

  #keep(frame: Uint8Array): void {
    const start = this.#offsets[this.#count]!;
    const end = start + frame.length;
    if (end > this.#bytes.length) {
      const wider = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes.set(frame, start);
    this.#count += 1;
    this.#offsets[this.#count] = end;
    if (this.#count * 2 >= this.#slots.length) this.#growRows();
  }

  #growRows(): void {
    const slots = new Uint32Array(this.#slots.length * 2).fill(EMPTY);
    const mask = slots.length - 1;
    for (let row = 0; row < this.#count; row++) {
      let slot = this.#hashes[row]! & mask;
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      slots[slot] = row;
    }
    this.#slots = slots;
    this.#hashes = growColumn(this.#hashes, slots.length / 2);
    this.#offsets = growColumn(this.#offsets, slots.length / 2 + 1);
  }
}

/** Murmur3's finaliser: FNV-1a alone leaves its low bits uneven. */
function finishHash(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

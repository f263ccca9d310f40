/**
 * Interns sequences of 32-bit words: the first time a sequence is seen it gets the
 * next number, ever after that number. Functions, locations and stacks are all such
 * sequences, so one open-addressing table without a key object per row serves them.
 */

const SLOTS_MIN = 1024;
const EMPTY = 0xffff_ffff;

export class SequenceIndex {
  #words: Uint32Array;
  #wordCount = 0;
  /** Sequence `i` is the words `offsets[i] … offsets[i + 1]`. */
  #offsets = new Uint32Array(SLOTS_MIN + 1);
  #hashes = new Uint32Array(SLOTS_MIN);
  #slots = new Uint32Array(SLOTS_MIN * 2).fill(EMPTY);
  #count = 0;

  constructor(wordsExpected: number = SLOTS_MIN * 4) {
    this.#words = new Uint32Array(wordsExpected);
  }

  /** Distinct sequences so far. */
  get count(): number {
    return this.#count;
  }

  /** The number of the sequence `words[start … end]`. It is new when it equals the previous {@link count}. */
  intern(words: ArrayLike<number>, start: number, end: number): number {
    const hash = hashWords(words, start, end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== EMPTY; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]!;
      if (this.#hashes[row] === hash && this.#equals(row, words, start, end)) return row;
    }
    return this.#add(hash, slot, words, start, end);
  }

  /** The first word of sequence `row` in {@link words}; `row + 1` gives its end. */
  offsetOf(row: number): number {
    return this.#offsets[row]!;
  }

  /** All sequences end to end. Valid until the next {@link intern}. */
  get words(): Uint32Array {
    return this.#words;
  }

  #equals(row: number, words: ArrayLike<number>, start: number, end: number): boolean {
    const own = this.#words;
    const ownStart = this.#offsets[row]!;
    if (this.#offsets[row + 1]! - ownStart !== end - start) return false;
    for (let word = start; word < end; word++) {
      if (own[ownStart + word - start] !== words[word]! >>> 0) return false;
    }
    return true;
  }

  #add(hash: number, slot: number, words: ArrayLike<number>, start: number, end: number): number {
    const row = this.#count++;
    if (this.#wordCount + end - start > this.#words.length) this.#growWords(end - start);
    for (let word = start; word < end; word++) this.#words[this.#wordCount++] = words[word]!;
    this.#slots[slot] = row;
    this.#hashes[row] = hash;
    this.#offsets[row + 1] = this.#wordCount;
    if (this.#count * 2 >= this.#slots.length) this.#growRows();
    return row;
  }

  #growWords(more: number): void {
    const wider = new Uint32Array(Math.max(this.#words.length * 2, this.#wordCount + more));
    wider.set(this.#words);
    this.#words = wider;
  }

  #growRows(): void {
    const slots = new Uint32Array(this.#slots.length * 2).fill(EMPTY);
    const mask = slots.length - 1;
    for (let row = 0; row < this.#count; row++) {
      let slot = this.#hashes[row]! & mask;
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      slots[slot] = row;
    }
    const hashes = new Uint32Array(slots.length / 2);
    const offsets = new Uint32Array(slots.length / 2 + 1);
    hashes.set(this.#hashes);
    offsets.set(this.#offsets);
    this.#slots = slots;
    this.#hashes = hashes;
    this.#offsets = offsets;
  }
}

/** Per process, so that nobody can prepare input that all falls into one slot. */
const seed = Math.trunc(Math.random() * 0x1_0000_0000);

/** Murmur3, 32 bits, over whole words, each mixed with the seed. */
function hashWords(words: ArrayLike<number>, start: number, end: number): number {
  let hash = seed;
  for (let word = start; word < end; word++) {
    let mixed = Math.imul(words[word]! ^ seed, 0xcc9e_2d51);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b87_3593);
    hash ^= mixed;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe654_6b64) | 0;
  }
  hash ^= end - start;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

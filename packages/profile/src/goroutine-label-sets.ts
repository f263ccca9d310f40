/** The label sets of a dump, interned, without keys whose values tell every goroutine apart. */
import {
  copyView,
  hashBytes,
  readText,
  sameBytes,
  startsWithAt,
  textBytes,
} from "./goroutine-bytes.ts";
import { type Labels, parseLabels, quoteGo } from "./goroutine-labels.ts";
import type { GoroutineTextLimits } from "./goroutine-limits.ts";
import type { ProblemLog } from "./problem-log.ts";

const NO_LABELS: Labels = Object.freeze({});

interface Spelling {
  readonly text: DataView;
  readonly set: number;
}

/** Label texts remembered before the memory of them is thrown away and begun anew. */
const SPELLINGS_MAX = 8192;
/** Longer texts are read again each time. */
const SPELLING_BYTES_MAX = 1024;
const SPELLING_SLOTS = SPELLINGS_MAX * 2;
const SETS_MAX = 65_536;
const KEYS_MAX = 1024;
/** Characters of all sets, and of all distinct values, that are kept. */
const CHARACTERS_MAX = 8 * 2 ** 20;

/** The label sets of a dump. Set 0 has no labels. */
export class LabelSets {
  readonly #limits: GoroutineTextLimits;
  readonly #problems: ProblemLog;
  readonly #sets: Labels[] = [NO_LABELS];
  readonly #setNumbers = new Map<string, number>([["[]", 0]]);
  readonly #valuesOf = new Map<string, Set<string>>();
  readonly #varied = new Set<string>();
  #spellings: Spelling[] = [];
  #slots = new Int32Array(0);
  /** The keys that were given up, as the text has them: bare and quoted. */
  readonly #variedSpellings: Uint8Array[] = [];
  readonly #scratch = new Uint8Array(SPELLING_BYTES_MAX);
  readonly #scratchView = new DataView(this.#scratch.buffer);
  #setCharacters = 0;
  #valueCharacters = 0;
  #isFull = false;

  constructor(limits: GoroutineTextLimits, problems: ProblemLog) {
    this.#limits = limits;
    this.#problems = problems;
  }

  /** The number of the set spelled at `bytes[start … end]`; -1 when that is no label list. */
  find(bytes: Uint8Array, view: DataView, start: number, end: number, offset: number): number {
    if (this.#variedSpellings.length === 0 || end - start > SPELLING_BYTES_MAX) {
      return this.#findSpelling(bytes, view, start, end, offset);
    }
    const length = this.#spellWithoutVaried(bytes, start, end);
    if (length < 0) return this.#findSpelling(bytes, view, start, end, offset);
    return this.#findSpelling(this.#scratch, this.#scratchView, 0, length, offset);
  }

  #findSpelling(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    offset: number,
  ): number {
    const length = end - start;
    if (this.#slots.length === 0) this.#slots = new Int32Array(SPELLING_SLOTS).fill(-1);
    let slot = hashBytes(view, start, length, 0) & (SPELLING_SLOTS - 1);
    for (;;) {
      const known = this.#slots[slot] as number;
      if (known < 0) break;
      const spelling = this.#spellings[known] as Spelling;
      if (spelling.text.byteLength === length && sameBytes(spelling.text, 0, view, start, length)) {
        return spelling.set;
      }
      slot = (slot + 1) & (SPELLING_SLOTS - 1);
    }
    const set = this.add(parseLabels(readText(bytes, start, end)), offset);
    if (length > SPELLING_BYTES_MAX) return set;
    if (this.#spellings.length >= SPELLINGS_MAX) {
      this.#spellings = [];
      this.#slots.fill(-1);
    } else {
      const text = copyView(bytes, start, end);
      this.#slots[slot] = this.#spellings.push({ text, set }) - 1;
    }
    return set;
  }

  /** The number of a set of sorted pairs, without keys that vary too much; -1 for undefined. */
  add(pairs: readonly (readonly [string, string])[] | undefined, offset: number): number {
    if (pairs === undefined) return -1;
    if (pairs.length > this.#limits.labelsMax) {
      const what = `labelsMax (${this.#limits.labelsMax}), with ${pairs.length} labels on one goroutine`;
      this.#problems.add("WT_PROFILE_LIMIT", offset, what);
    }
    const kept = pairs
      .slice(0, this.#limits.labelsMax)
      .filter(([key, value]) => this.#admits(key, value, offset));
    return this.#number(kept, offset);
  }

  /** True when a key was given up, so that sets that differed may have become equal. */
  get hasVariedKeys(): boolean {
    return this.#varied.size > 0;
  }

  /** The labels of a set, without keys that were given up since. */
  labels(set: number): Labels {
    const labels = this.#sets[set] as Labels;
    if (!this.hasVariedKeys) return labels;
    const kept = Object.entries(labels).filter(([key]) => !this.#varied.has(key));
    return kept.length === 0 ? NO_LABELS : Object.fromEntries(kept);
  }

  #number(pairs: readonly (readonly [string, string])[], offset: number): number {
    const key = JSON.stringify(pairs);
    const known = this.#setNumbers.get(key);
    if (known !== undefined) return known;
    if (this.#sets.length >= SETS_MAX || this.#setCharacters + key.length > CHARACTERS_MAX) {
      const what = `${SETS_MAX} label sets of ${CHARACTERS_MAX} characters in all`;
      if (!this.#isFull) this.#problems.add("WT_PROFILE_LIMIT", offset, what);
      this.#isFull = true;
      return 0;
    }
    this.#setCharacters += key.length;
    const number = this.#sets.push(Object.fromEntries(pairs)) - 1;
    this.#setNumbers.set(key, number);
    return number;
  }

  #admits(key: string, value: string, offset: number): boolean {
    if (this.#varied.has(key)) return false;
    let values = this.#valuesOf.get(key);
    if (values === undefined) {
      if (this.#valuesOf.size >= KEYS_MAX) return false;
      values = new Set();
      this.#valuesOf.set(key, values);
    }
    if (values.has(value)) return true;
    this.#valueCharacters += value.length;
    const isRoom = this.#valueCharacters <= CHARACTERS_MAX;
    if (isRoom && values.size < this.#limits.labelValuesMax) {
      values.add(value);
      return true;
    }
    this.#varied.add(key);
    this.#variedSpellings.push(textBytes(key), textBytes(quoteGo(key)));
    values.clear();
    const what = `labelValuesMax (${this.#limits.labelValuesMax}) by the label ${JSON.stringify(key)}, by which goroutines are not told apart any more`;
    this.#problems.add("WT_PROFILE_LIMIT", offset, what);
    return false;
  }

  /**
   * Copies the list into the scratch without the pairs whose key was given up, so that the lists
   * of a million goroutines that each have their own request id are one spelling again. Returns
   * its length, -1 when the text is no list.
   */
  #spellWithoutVaried(bytes: Uint8Array, start: number, end: number): number {
    let length = 0;
    let at = start;
    while (at < end) {
      const colon = tokenEnd(bytes, at, end);
      if (colon >= end || bytes[colon] !== 0x3a) return -1;
      const valueStart = bytes[colon + 1] === 0x20 ? colon + 2 : colon + 1;
      const pairEnd = tokenEnd(bytes, Math.min(valueStart, end), end);
      if (pairEnd < end && !startsWithAt(bytes, pairEnd, end, SEPARATOR)) return -1;
      if (!this.#isVaried(bytes, at, colon)) {
        if (length > 0) length += this.#copy(SEPARATOR, 0, SEPARATOR.length, length);
        length += this.#copy(bytes, at, pairEnd, length);
      }
      at = pairEnd === end ? end : pairEnd + 2;
    }
    return length;
  }

  #copy(bytes: Uint8Array, from: number, to: number, position: number): number {
    for (let at = from; at < to; at += 1) {
      this.#scratch[position + at - from] = bytes[at] as number;
    }
    return to - from;
  }

  #isVaried(bytes: Uint8Array, start: number, end: number): boolean {
    for (const spelling of this.#variedSpellings) {
      if (spelling.length === end - start && startsWithAt(bytes, start, end, spelling)) return true;
    }
    return false;
  }
}

const SEPARATOR = textBytes(", ");

/** End of the key or value that starts at `from`: behind its quotes, or before `:` or `,`. */
function tokenEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  if (bytes[at] === 0x22) {
    for (at += 1; at < end && bytes[at] !== 0x22; at += 1) if (bytes[at] === 0x5c) at += 1;
    return Math.min(at + 1, end);
  }
  while (at < end && bytes[at] !== 0x3a && bytes[at] !== 0x2c) at += 1;
  return at;
}

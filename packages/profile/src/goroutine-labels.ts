/**
 * pprof labels as text, in both spellings: `k: v, "q k": "q v"` (`debug=2`, Go 1.26 on) and
 * `"k":"v", "k2":"v2"` (`debug=1`); and the sets of a dump, interned.
 */
import { copyView, hashBytes, readText, sameBytes } from "./goroutine-bytes.ts";
import type { GoroutineTextLimits } from "./goroutine-limits.ts";
import type { ProblemLog } from "./problem-log.ts";

export type Labels = Readonly<Record<string, string>>;

const NO_LABELS: Labels = Object.freeze({});
const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s:,"{}]+/y;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/g;
const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

function unescapeGo(quoted: string): string {
  if (!quoted.startsWith('"')) return quoted;
  return quoted
    .slice(1, -1)
    .replace(
      ESCAPE,
      (_, byte?: string, short?: string, long?: string, octal?: string, named?: string) => {
        const code = byte ?? short ?? long;
        if (code !== undefined) {
          const point = Number.parseInt(code, 16);
          const isLoneByte = byte !== undefined && point >= 0x80;
          return isLoneByte || point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
        }
        if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
        return NAMED_ESCAPES[named as string] ?? (named as string);
      },
    );
}

/**
 * Reads the text between the braces into pairs, sorted by key (as the runtime prints them).
 * Undefined when the text is no label list.
 */
export function parseLabels(text: string): readonly (readonly [string, string])[] | undefined {
  const pairs: [string, string][] = [];
  let at = 0;
  const token = (): string | undefined => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  while (at < text.length) {
    // An empty text is printed as nothing at all: the runtime only quotes what needs quoting.
    const key = token() ?? "";
    if (text[at] !== ":") return undefined;
    at += text[at + 1] === " " ? 2 : 1;
    const value = token() ?? "";
    pairs.push([unescapeGo(key), unescapeGo(value)]);
    if (at >= text.length) break;
    if (!text.startsWith(", ", at)) return undefined;
    at += 2;
  }
  return pairs.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

function hasControl(text: string): boolean {
  return /[^\x20-\x7e]|["\\]/.test(text);
}

/** Quotes as the runtime does: what is not printable ASCII is escaped. */
export function quoteGo(text: string): string {
  if (!hasControl(text)) return `"${text}"`;
  let quoted = "";
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (character === "\n") quoted += "\\n";
    else if (character === "\r") quoted += "\\r";
    else if (character === "\t") quoted += "\\t";
    else if (character === '"' || character === "\\") quoted += `\\${character}`;
    else if (code >= 0x20 && code <= 0x7e) quoted += character;
    else if (code < 0x7f) quoted += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) quoted += `\\u${code.toString(16).padStart(4, "0")}`;
    else quoted += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return `"${quoted}"`;
}

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
  #setCharacters = 0;
  #valueCharacters = 0;
  #isFull = false;

  constructor(limits: GoroutineTextLimits, problems: ProblemLog) {
    this.#limits = limits;
    this.#problems = problems;
  }

  /** The number of the set spelled at `bytes[start … end]`; -1 when that is no label list. */
  find(bytes: Uint8Array, view: DataView, start: number, end: number, offset: number): number {
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
    values.clear();
    const what = `labelValuesMax (${this.#limits.labelValuesMax}) by the label ${JSON.stringify(key)}, by which goroutines are not told apart any more`;
    this.#problems.add("WT_PROFILE_LIMIT", offset, what);
    return false;
  }
}

/**
 * Folded stacks, decoding side: one stack a line, root first, frames joined by `;`,
 * then a space and a whole number.
 * Source: https://github.com/brendangregg/FlameGraph (stackcollapse-*.pl). A differential file (difffolded.pl)
 * has two numbers a line, the earlier one first.
 *
 * Frames are interned by their bytes: text is made once per distinct frame, not once
 * per line. Works on chunks, so a file of any size streams through.
 */
import type { DecodedProfile } from "./pprof.ts";
import { FrameBytesIndex } from "./frame-bytes-index.ts";
import { ProblemLog } from "./problem-log.ts";
import { NO_MAPPING, type Profile, type ValueType } from "./profile.ts";
import { emptyProfile } from "./profile-builder.ts";
import { SampleBuilder } from "./sample-builder.ts";

export interface FoldedOptions {
  /** What the numbers count; default samples/count. */
  readonly sampleType?: ValueType;
  /**
   * Numbers at the end of each line: with two, the earlier one is of the type `before`. A chunked decoder takes one unless
   * told; a whole file with two on each of its first lines is taken for a differential one.
   */
  readonly countsPerLine?: 1 | 2;
  /** Bytes of one line; longer ones are left out. Default 1 MiB. */
  readonly lineBytesMax?: number;
  /** Default 16,777,216. */
  readonly samplesMax?: number;
  /** Distinct frames; default 8,388,608. Lines that need more are left out. */
  readonly framesMax?: number;
  /** Problems kept; default 100. */
  readonly problemsMax?: number;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const MINUS = 0x2d;
const DIGITS_MAX = 19;
const INT64_MAX = 2n ** 63n - 1n;

/** Decodes a whole file. Bad lines are left out, each with a problem (`WT_PROFILE_BAD_LINE`). */
export function decodeFolded(bytes: Uint8Array, options: FoldedOptions = {}): DecodedProfile {
  const decoder = new FoldedDecoder({ countsPerLine: readCountsPerLine(bytes), ...options });
  decoder.push(bytes);
  return decoder.finish();
}

/** Bytes that tell how many numbers a line has. */
const HEAD_BYTES = 65_536;
const TWO_COUNTS = / -?\d{1,19} -?\d{1,19}\r?$/;

/** One line may be a frame that ends in a number; two and more, all of them, are no chance. */
function readCountsPerLine(bytes: Uint8Array): 1 | 2 {
  const lines = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES)).split("\n");
  if (bytes.length > HEAD_BYTES) lines.pop();
  const stacks = lines.filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return stacks.length >= 2 && stacks.every((line) => TWO_COUNTS.test(line)) ? 2 : 1;
}

/** Decodes a file chunk by chunk; chunks may end anywhere. */
export class FoldedDecoder {
  readonly #options: Required<FoldedOptions>;
  readonly #problems: ProblemLog;
  readonly #frames = new FrameBytesIndex();
  readonly #samples: SampleBuilder;
  #sampleCount = 0;
  /** Offset of the next chunk in the whole input. */
  #offset = 0;
  /** A line that began in an earlier chunk. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #stack = new Uint32Array(256);

  constructor(options: FoldedOptions = {}) {
    this.#options = {
      sampleType: { type: "samples", unit: "count" },
      countsPerLine: 1,
      lineBytesMax: 2 ** 20,
      samplesMax: 2 ** 24,
      framesMax: 2 ** 23,
      problemsMax: 100,
      ...options,
    };
    this.#problems = new ProblemLog(this.#options.problemsMax);
    this.#samples = new SampleBuilder(this.#options.countsPerLine);
  }

  /** Takes the next chunk. */
  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (this.#pendingBytes > 0) this.#takePending(chunk.subarray(start, end));
      else this.#takeLine(chunk, start, end, this.#offset + start);
      start = end + 1;
    }
    this.#offset += chunk.length;
    if (start < chunk.length) this.#hold(chunk.slice(start));
  }

  /** Takes a last line that has no newline, and answers the profile. */
  finish(): DecodedProfile {
    if (this.#pendingBytes > 0) this.#takePending(new Uint8Array(0));
    return { profile: this.#build(), problems: this.#problems.list() };
  }

  /** Keeps the beginning of a line, as far as a line may go. */
  #hold(piece: Uint8Array): void {
    if (this.#pendingBytes <= this.#options.lineBytesMax) this.#pending.push(piece);
    this.#pendingBytes += piece.length;
  }

  #takePending(rest: Uint8Array): void {
    const length = this.#pendingBytes + rest.length;
    const offset = this.#offset - this.#pendingBytes;
    if (length > this.#options.lineBytesMax) this.#reportLong(offset);
    else {
      const line = new Uint8Array(length);
      let end = 0;
      for (const piece of [...this.#pending, rest]) {
        line.set(piece, end);
        end += piece.length;
      }
      this.#takeLine(line, 0, length, offset);
    }
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #takeLine(bytes: Uint8Array, lineStart: number, lineEnd: number, offset: number): void {
    const end = bytes[lineEnd - 1] === RETURN && lineEnd > lineStart ? lineEnd - 1 : lineEnd;
    if (end === lineStart || bytes[lineStart] === HASH) return;
    if (end - lineStart > this.#options.lineBytesMax) {
      this.#reportLong(offset);
      return;
    }
    const values: (number | bigint)[] = [];
    let stackEnd = end;
    while (values.length < this.#options.countsPerLine) {
      const space = bytes.lastIndexOf(SPACE, stackEnd - 1);
      const value = space >= lineStart ? readValue(bytes, space + 1, stackEnd) : undefined;
      if (value === undefined) {
        const what = values.length === 0 ? "a whole number" : "two whole numbers";
        this.#problems.add("WT_PROFILE_BAD_LINE", offset, `it does not end in ${what}`);
        return;
      }
      values.unshift(value);
      stackEnd = space;
    }
    if (this.#hasRoom(offset)) this.#takeStack(bytes, lineStart, stackEnd, values);
  }

  #hasRoom(offset: number): boolean {
    const { samplesMax, framesMax } = this.#options;
    if (this.#sampleCount < samplesMax && this.#frames.count < framesMax) return true;
    const limit = this.#sampleCount < samplesMax ? "framesMax" : "samplesMax";
    this.#problems.add("WT_PROFILE_LIMIT", offset, `${limit} (${this.#options[limit]})`);
    return false;
  }

  #takeStack(
    bytes: Uint8Array,
    start: number,
    end: number,
    values: readonly (number | bigint)[],
  ): void {
    let depth = 0;
    for (let frameStart = start; frameStart < end; depth++) {
      if (depth === this.#stack.length) this.#growStack();
      this.#stack[depth] = this.#frames.intern(bytes, frameStart, end);
      frameStart = this.#frames.end + 1;
    }
    for (let entry = depth - 1; entry >= 0; entry--)
      this.#samples.pushLocation(this.#stack[entry]!);
    for (const [type, value] of values.entries()) this.#samples.pushValue(type, value);
    this.#samples.endSample();
    this.#sampleCount += 1;
  }

  #growStack(): void {
    const wider = new Uint32Array(this.#stack.length * 2);
    wider.set(this.#stack);
    this.#stack = wider;
  }

  #reportLong(offset: number): void {
    const what = `lineBytesMax (${this.#options.lineBytesMax})`;
    this.#problems.add("WT_PROFILE_LIMIT", offset, what);
  }

  /** One function and one location per distinct frame, in the same row. */
  #build(): Profile {
    const { sampleType, countsPerLine } = this.#options;
    const names = this.#frames.texts();
    const count = names.length;
    const rows = Uint32Array.from({ length: count + 1 }, (_, row) => row);
    const name = Uint32Array.from({ length: count }, (_, row) => row + 1);
    return {
      ...emptyProfile(
        countsPerLine === 2 ? [{ ...sampleType, type: "before" }, sampleType] : [sampleType],
      ),
      strings: ["", ...names],
      functions: {
        count,
        name,
        systemName: name,
        file: new Uint32Array(count),
        startLine: new BigInt64Array(count),
      },
      locations: {
        count,
        address: new BigUint64Array(count),
        mapping: new Uint32Array(count).fill(NO_MAPPING),
        isFolded: new Uint8Array(count),
        lineOffset: rows,
        lineFunction: rows.subarray(0, count),
        lineNumber: new BigInt64Array(count),
        lineColumn: new BigInt64Array(count),
      },
      samples: this.#samples.finish(),
    };
  }
}

/** A whole number within int64, or undefined. */
function readValue(bytes: Uint8Array, start: number, end: number): number | bigint | undefined {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  if (first >= end || end - first > DIGITS_MAX) return undefined;
  let value = 0;
  for (let position = first; position < end; position++) {
    const digit = bytes[position]! - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (value <= Number.MAX_SAFE_INTEGER) return isNegative ? -value : value;
  const exact = BigInt(String.fromCharCode(...bytes.subarray(first, end)));
  if (exact > INT64_MAX + (isNegative ? 1n : 0n)) return undefined;
  return isNegative ? -exact : exact;
}

/**
 * The first line of a goroutine in `debug=2`:
 * `goroutine N[ gp=0x… m=… mp=0x…] [STATE[ (leaked)][ (scan)][ (durable)][, M minutes]`
 * `[, locked to thread][, synctest bubble K]][ {labels}]:`
 *
 * Labels are printed since Go 1.26, which prints them inside of the brackets:
 * `[STATE… labels:{"k": "v"}]:`.
 */
import { lineEndAt, SPACE, startsWithAt, textBytes } from "./goroutine-bytes.ts";

/** {@link GoroutineHeader.read}: the bytes end before the line does. */
export const HEADER_CUT = -1;
/** The line is not a goroutine's first line. */
const NO_HEADER = -2;
/** It is one, but damaged. */
export const HEADER_BROKEN = -3;

const GOROUTINE = textBytes("goroutine ");
const GP = textBytes(" gp=0x");
const MINUTES = textBytes(" minutes");
const LOCKED = textBytes("locked to thread");
const BUBBLE = textBytes("synctest bubble ");
const INNER_LABELS = textBytes(" labels:{");
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;

/** A cursor over header lines; its fields describe the one read last. */
export class GoroutineHeader {
  id = 0;
  /** The state's text with its `(leaked)`, `(scan)` and `(durable)`. */
  stateStart = 0;
  stateEnd = 0;
  /** Minutes blocked, 0 when not stamped. */
  minutes = 0;
  locked = 0;
  bubbled = 0;
  /** The text inside of the labels' braces; empty when there are none. */
  labelsStart = 0;
  labelsEnd = 0;

  /** Reads the line at `position`; the position after its newline, or one of the negative outcomes. */
  read(bytes: Uint8Array, position: number, end: number): number {
    if (!startsWithAt(bytes, position, end, GOROUTINE)) {
      const available = end - position;
      const mayBecome =
        available < GOROUTINE.length &&
        startsWithAt(bytes, position, end, GOROUTINE.subarray(0, available));
      return mayBecome ? HEADER_CUT : NO_HEADER;
    }
    let at = position + GOROUTINE.length;
    let id = 0;
    const idStart = at;
    for (; at < end; at += 1) {
      const digit = (bytes[at] as number) - 48;
      if (digit < 0 || digit > 9) break;
      id = id * 10 + digit;
    }
    if (at === end) return HEADER_CUT;
    if (at === idStart || bytes[at] !== SPACE) return NO_HEADER;
    if (bytes[at + 1] !== OPEN_BRACKET) {
      const lineEnd = lineEndAt(bytes, at, end);
      if (lineEnd === end) return HEADER_CUT;
      if (!startsWithAt(bytes, at, lineEnd, GP)) return NO_HEADER;
      at = bytes.subarray(0, lineEnd).indexOf(OPEN_BRACKET, at) - 1;
      if (at < 0) return HEADER_BROKEN;
    }
    this.id = id;
    this.minutes = 0;
    this.locked = 0;
    this.bubbled = 0;
    this.labelsEnd = this.labelsStart = 0;
    return this.#readBrackets(bytes, at + 2, end);
  }

  #readBrackets(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    this.stateStart = from;
    for (; at < end; at += 1) {
      const byte = bytes[at] as number;
      if (byte === CLOSE_BRACKET || byte === COMMA || byte < SPACE || byte === OPEN_BRACE) break;
    }
    this.stateEnd = at;
    while (at < end && bytes[at] === COMMA) at = this.#readRemark(bytes, at + 2, end);
    if (bytes[at] === OPEN_BRACE && at < end) return this.#readInnerLabels(bytes, at, end);
    if (at + 2 >= end) return lineEndAt(bytes, from, end) === end ? HEADER_CUT : HEADER_BROKEN;
    if (bytes[at] !== CLOSE_BRACKET) return this.#brokenOrCut(bytes, from, end);
    if (bytes[at + 1] === COLON && bytes[at + 2] === 10) return at + 3;
    return this.#readLabels(bytes, at + 1, end);
  }

  /** One of the remarks after the state; returns where the next comma or the bracket should be. */
  #readRemark(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    let number = 0;
    for (; at < end; at += 1) {
      const digit = (bytes[at] as number) - 48;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    if (at > from) {
      if (startsWithAt(bytes, at, end, MINUTES)) this.minutes = number;
    } else if (startsWithAt(bytes, at, end, LOCKED)) {
      this.locked = 1;
    } else if (startsWithAt(bytes, at, end, BUBBLE)) {
      this.bubbled = 1;
    }
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte === CLOSE_BRACKET || byte === COMMA || byte < SPACE || byte === OPEN_BRACE) break;
      at += 1;
    }
    return at;
  }

  #readLabels(bytes: Uint8Array, from: number, end: number): number {
    const lineEnd = lineEndAt(bytes, from, end);
    if (lineEnd === end) return HEADER_CUT;
    const isWhole =
      bytes[from] === SPACE &&
      bytes[from + 1] === 0x7b &&
      bytes[lineEnd - 1] === COLON &&
      bytes[lineEnd - 2] === 0x7d &&
      lineEnd - 2 > from + 1;
    if (!isWhole) return HEADER_BROKEN;
    this.labelsStart = from + 2;
    this.labelsEnd = lineEnd - 2;
    return lineEnd + 1;
  }

  /** `brace` is where ` labels:{` has its brace. */
  #readInnerLabels(bytes: Uint8Array, brace: number, end: number): number {
    const lineEnd = lineEndAt(bytes, brace, end);
    if (lineEnd === end) return HEADER_CUT;
    const mark = brace + 1 - INNER_LABELS.length;
    const isWhole =
      mark >= this.stateStart &&
      startsWithAt(bytes, mark, lineEnd, INNER_LABELS) &&
      bytes[lineEnd - 1] === COLON &&
      bytes[lineEnd - 2] === CLOSE_BRACKET &&
      bytes[lineEnd - 3] === 0x7d &&
      lineEnd - 3 > brace;
    if (!isWhole) return HEADER_BROKEN;
    this.stateEnd = Math.min(this.stateEnd, mark);
    this.labelsStart = brace + 1;
    this.labelsEnd = lineEnd - 3;
    return lineEnd + 1;
  }

  #brokenOrCut(bytes: Uint8Array, from: number, end: number): number {
    return lineEndAt(bytes, from, end) === end ? HEADER_CUT : HEADER_BROKEN;
  }
}

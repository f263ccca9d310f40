/**
 * The distinct entries of all stacks of a dump, by their text. An entry is cut out of the dump
 * once; after that it is recognised in place, four bytes at a time, and what differs between
 * goroutines (argument words, the creator's id, the pc offset) is stepped over.
 * Equality is always decided by the bytes, never by the hash.
 */
import {
  grown,
  hashBytes,
  NEWLINE,
  readText,
  sameBytes,
  SPACE,
  startsWithAt,
  textBytes,
} from "./goroutine-bytes.ts";
import type { Frame } from "./goroutine-dump.ts";
import { CALL, CREATED, type EntryKind, type StackEntry } from "./goroutine-stack-entry.ts";

const CLOSING_PARENTHESIS = 41;
const IN_GOROUTINE = textBytes(" in goroutine ");

/** Skips argument words from after `(`; the position after `)` and its newline, or -1. */
function skipArguments(bytes: Uint8Array, from: number, end: number): number {
  let position = from;
  while (position < end) {
    const byte = bytes[position] as number;
    if (byte <= CLOSING_PARENTHESIS && byte !== SPACE) break;
    position += 1;
  }
  if (position + 1 >= end) return -1;
  if (bytes[position] !== CLOSING_PARENTHESIS || bytes[position + 1] !== NEWLINE) return -1;
  return position + 2;
}

/** Skips ` +0x1f`, ` fp=…` or nothing up to and over the newline; -1 when something else stands there. */
function skipOffset(bytes: Uint8Array, from: number, end: number): number {
  if (from >= end) return -1;
  if (bytes[from] === NEWLINE) return from + 1;
  if (bytes[from] !== SPACE || from + 4 >= end) return -1;
  // ` +0x` only; the rarer spellings take the long way.
  if (bytes[from + 1] !== 43 || bytes[from + 2] !== 48 || bytes[from + 3] !== 120) return -1;
  for (let position = from + 4; position < end; position += 1) {
    if (bytes[position] === NEWLINE) return position + 1;
  }
  return -1;
}

export class EntryTable {
  /** The number after `in goroutine` that was stepped over last. */
  creatorId = 0;

  #text = new Uint8Array(1 << 12);
  #textView = new DataView(this.#text.buffer);
  #textLength = 0;
  #count = 0;
  #kind = new Uint8Array(1 << 6);
  /** Where the entry's text starts: its head, then its place. */
  #start = new Int32Array(1 << 6);
  #headLength = new Int32Array(1 << 6);
  #placeLength = new Int32Array(1 << 6);
  #slots = new Int32Array(1 << 8).fill(-1);
  readonly #frames: (Frame | undefined)[] = [];
  readonly #textBytesMax: number;

  constructor(textBytesMax: number) {
    this.#textBytesMax = textBytesMax;
  }

  kind(entry: number): EntryKind {
    return this.#kind[entry] as EntryKind;
  }

  /** The position after the entry when its text stands at `position`; -1 when another does, or only a part. */
  match(entry: number, bytes: Uint8Array, view: DataView, position: number, end: number): number {
    const kind = this.#kind[entry] as number;
    if (kind > CREATED) return -1;
    const start = this.#start[entry] as number;
    const head = this.#headLength[entry] as number;
    const place = this.#placeLength[entry] as number;
    const headEnd = position + head;
    if (headEnd + place + 4 > end) return -1;
    if (!sameBytes(this.#textView, start, view, position, head)) return -1;
    const placeStart =
      kind === CALL ? skipArguments(bytes, headEnd, end) : this.#skipCreatorId(bytes, headEnd, end);
    if (placeStart < 0 || placeStart + place > end) return -1;
    if (!sameBytes(this.#textView, start + head, view, placeStart, place)) return -1;
    return skipOffset(bytes, placeStart + place, end);
  }

  /** The number of an entry that was read, a new one when it is new; -1 when `textBytesMax` is reached. */
  find(entry: StackEntry, bytes: Uint8Array, view: DataView): number {
    const { kind, headStart, headLength, fileStart, fileLength } = entry;
    const hash = hashBytes(
      view,
      fileStart,
      fileLength,
      hashBytes(view, headStart, headLength, kind),
    );
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const known = this.#slots[slot] as number;
      if (known < 0) break;
      const text = this.#start[known] as number;
      if (
        this.#kind[known] === kind &&
        this.#headLength[known] === headLength &&
        this.#placeLength[known] === fileLength &&
        sameBytes(this.#textView, text, view, headStart, headLength) &&
        sameBytes(this.#textView, text + headLength, view, fileStart, fileLength)
      ) {
        return known;
      }
      slot = (slot + 1) & mask;
    }
    if (this.#textLength + headLength + fileLength > this.#textBytesMax) return -1;
    return this.#add(entry, bytes, slot);
  }

  /** The frame that the entry stands for. */
  frame(entry: number): Frame {
    const known = this.#frames[entry];
    if (known) return known;
    const text = this.#start[entry] as number;
    const headEnd = text + (this.#headLength[entry] as number);
    const head = readText(this.#text, text, headEnd);
    const place = readText(this.#text, headEnd, headEnd + (this.#placeLength[entry] as number));
    const frame = frameFrom(this.#kind[entry] as EntryKind, head, place);
    this.#frames[entry] = frame;
    return frame;
  }

  #skipCreatorId(bytes: Uint8Array, from: number, end: number): number {
    this.creatorId = 0;
    if (bytes[from] === NEWLINE) return from + 1;
    if (!startsWithAt(bytes, from, end, IN_GOROUTINE)) return -1;
    let id = 0;
    for (let position = from + IN_GOROUTINE.length; position < end; position += 1) {
      const byte = bytes[position] as number;
      if (byte === NEWLINE) {
        this.creatorId = id;
        return position + 1;
      }
      if (byte < 48 || byte > 57) return -1;
      id = id * 10 + byte - 48;
    }
    return -1;
  }

  #add(entry: StackEntry, bytes: Uint8Array, slot: number): number {
    const { kind, headStart, headLength, fileStart, fileLength } = entry;
    const added = this.#count;
    this.#count += 1;
    this.#kind = grown(this.#kind, this.#count);
    this.#start = grown(this.#start, this.#count);
    this.#headLength = grown(this.#headLength, this.#count);
    this.#placeLength = grown(this.#placeLength, this.#count);
    const length = this.#textLength + headLength + fileLength;
    if (length > this.#text.length) {
      this.#text = grown(this.#text, length);
      this.#textView = new DataView(this.#text.buffer);
    }
    this.#text.set(bytes.subarray(headStart, headStart + headLength), this.#textLength);
    this.#text.set(
      bytes.subarray(fileStart, fileStart + fileLength),
      this.#textLength + headLength,
    );
    this.#kind[added] = kind;
    this.#start[added] = this.#textLength;
    this.#headLength[added] = headLength;
    this.#placeLength[added] = fileLength;
    this.#textLength = length;
    this.#slots[slot] = added;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return added;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.#count; entry += 1) {
      const text = this.#start[entry] as number;
      const head = this.#headLength[entry] as number;
      const file = this.#placeLength[entry] as number;
      const seed = hashBytes(this.#textView, text, head, this.#kind[entry] as number);
      let slot = hashBytes(this.#textView, text + head, file, seed) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      slots[slot] = entry;
    }
    this.#slots = slots;
  }
}

/** `head` is `main.f(`, `created by main.f` or a bare name; `place` is `\tfile:line`, a tab, or empty. */
function frameFrom(kind: EntryKind, head: string, place: string): Frame {
  const name =
    kind === CALL ? head.slice(0, -1) : kind === CREATED ? head.slice("created by ".length) : head;
  const colon = place.lastIndexOf(":");
  if (colon < 0) return { function: name, file: place.slice(1), line: 0 };
  return { function: name, file: place.slice(1, colon), line: Number(place.slice(colon + 1)) };
}

/**
 * One entry of a `debug=2` stack: a call with its file line, a created-by, or one of the lines
 * that the runtime prints in their place. The grammar is that of `runtime/traceback.go`,
 * Go 1.19 to 1.27.
 */
import { findBytes, lineEndAt, SPACE, startsWithAt, TAB, textBytes } from "./goroutine-bytes.ts";

/** `main.f(0x1)` and its file line. */
export const CALL = 0;
/** `created by main.f in goroutine 1` and its file line. */
export const CREATED = 1;
/** A C function named by a symbolizer, and its file line. */
export const FOREIGN_CALL = 2;
/** `non-Go function at pc=0x…`. */
export const UNNAMED_CALL = 3;
/** `...12 frames elided...`, and `...additional frames elided...` before Go 1.21. */
export const ELIDED = 4;
/** `goroutine running on other thread; stack unavailable`. */
export const UNAVAILABLE = 5;
export type EntryKind =
  | typeof CALL
  | typeof CREATED
  | typeof FOREIGN_CALL
  | typeof UNNAMED_CALL
  | typeof ELIDED
  | typeof UNAVAILABLE;

/** What {@link StackEntry.read} met. */
export const ENTRY = 0;
/** The bytes end inside of the entry. */
export const CUT = 1;
/** The header of the next goroutine stands here, without a blank line before it. */
export const NEXT_HEADER = 2;
/** `[originating from goroutine N]:`: what follows is another goroutine's history. */
export const ANCESTORS = 3;
/** A line that is not the runtime's: a log line that got in between, `exit status 2`. */
export const FOREIGN_LINE = 4;
/** What stands here was an entry once. */
export const BROKEN = 5;
export type EntryOutcome =
  | typeof ENTRY
  | typeof CUT
  | typeof NEXT_HEADER
  | typeof ANCESTORS
  | typeof FOREIGN_LINE
  | typeof BROKEN;

const CREATED_BY = textBytes("created by ");
const IN_GOROUTINE = textBytes(" in goroutine ");
const GOROUTINE = textBytes("goroutine ");
const ORIGINATING = textBytes("[originating from goroutine ");
const RUNNING_ELSEWHERE = textBytes("\tgoroutine running on other thread");
const UNNAMED = textBytes("non-Go function at pc=");
const UNNAMED_LENGTH = "non-Go function".length;
const ELLIPSIS = textBytes("...");
const FRAMES_ELIDED = textBytes(" frames elided...");
const OFFSET_MARKS = [textBytes(" +0x"), textBytes(" fp=0x"), textBytes(" pc=0x")];
const BARE_PC = textBytes("\tpc=0x");
const TEST_VERDICT = textBytes("FAIL\t");

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

function isHexDigit(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102);
}

/** A cursor over the entries of one stack; its fields describe the entry read last. */
export class StackEntry {
  kind: EntryKind = CALL;
  headStart = 0;
  /** Length of the text before the argument words, the creator's id or the pc. */
  headLength = 0;
  fileStart = 0;
  /** Length of `\tfile:line`, without the pc offset. */
  fileLength = 0;
  /** End of the argument words of a {@link CALL}, which start where its head ends. */
  argumentsEnd = 0;
  /** Elided frames of {@link ELIDED} (1 when the runtime gave no number), creator's id of {@link CREATED}. */
  number = 0;
  /** Where the next entry or line starts. */
  next = 0;

  /** Reads the entry at the start of a line. */
  read(bytes: Uint8Array, position: number, end: number): EntryOutcome {
    const lineEnd = lineEndAt(bytes, position, end);
    if (lineEnd === end) return CUT;
    this.next = lineEnd + 1;
    this.headStart = position;
    this.headLength = 0;
    this.fileStart = lineEnd;
    this.fileLength = 0;
    this.argumentsEnd = 0;
    this.number = 0;
    const single = this.#readSingleLine(bytes, position, lineEnd);
    if (single !== undefined) return single;
    if (lineEnd + 1 === end) return CUT;
    if (bytes[lineEnd + 1] !== TAB) return judgeLoneLine(bytes, position, lineEnd);
    const placeEnd = lineEndAt(bytes, lineEnd + 1, end);
    if (placeEnd === end) return CUT;
    this.next = placeEnd + 1;
    return this.#readPair(bytes, position, lineEnd, placeEnd);
  }

  #readSingleLine(bytes: Uint8Array, start: number, end: number): EntryOutcome | undefined {
    switch (bytes[start]) {
      case TAB:
        if (!startsWithAt(bytes, start, end, RUNNING_ELSEWHERE)) return BROKEN;
        this.kind = UNAVAILABLE;
        return ENTRY;
      case 0x2e: // .
        return startsWithAt(bytes, start, end, ELLIPSIS)
          ? this.#readElided(bytes, start, end)
          : undefined;
      case 0x5b: // [
        return startsWithAt(bytes, start, end, ORIGINATING) ? ANCESTORS : undefined;
      case 0x67: // g
        return startsWithAt(bytes, start, end, GOROUTINE) && isDigit(bytes[start + 10])
          ? NEXT_HEADER
          : undefined;
      case 0x6e: // n
        if (!startsWithAt(bytes, start, end, UNNAMED)) return undefined;
        this.kind = UNNAMED_CALL;
        this.headLength = UNNAMED_LENGTH;
        return ENTRY;
      default:
        return undefined;
    }
  }

  #readElided(bytes: Uint8Array, start: number, end: number): EntryOutcome {
    const wordEnd = end - FRAMES_ELIDED.length;
    if (wordEnd < start + 3 || !startsWithAt(bytes, wordEnd, end, FRAMES_ELIDED)) return BROKEN;
    let count = 0;
    for (let at = start + 3; at < wordEnd && isDigit(bytes[at]); at += 1) {
      count = count * 10 + (bytes[at] as number) - 48;
    }
    this.kind = ELIDED;
    this.number = Math.max(count, 1);
    return ENTRY;
  }

  #readPair(bytes: Uint8Array, start: number, lineEnd: number, placeEnd: number): EntryOutcome {
    this.fileStart = lineEnd + 1;
    const cut = placeCut(bytes, lineEnd + 1, placeEnd);
    this.fileLength = cut - this.fileStart;
    const hasLine = endsInLineNumber(bytes, this.fileStart, cut);
    if (startsWithAt(bytes, start, lineEnd, CREATED_BY)) {
      if (!hasLine) return BROKEN;
      this.kind = CREATED;
      this.#readCreator(bytes, start, lineEnd);
      return ENTRY;
    }
    if (bytes[lineEnd - 1] === 0x29 && hasLine) return this.#readCall(bytes, start, lineEnd);
    const hasPc = bytes[cut + 1] === 0x70 || startsWithAt(bytes, lineEnd + 1, placeEnd, BARE_PC);
    if (!hasPc) return BROKEN;
    this.kind = FOREIGN_CALL;
    this.headLength = lineEnd - start;
    if (!hasLine) this.fileLength = 0;
    return ENTRY;
  }

  #readCall(bytes: Uint8Array, start: number, lineEnd: number): EntryOutcome {
    let open = lineEnd - 2;
    while (open > start && bytes[open] !== 0x28) open -= 1;
    if (open <= start) return BROKEN;
    this.kind = CALL;
    this.headLength = open + 1 - start;
    this.argumentsEnd = lineEnd - 1;
    return ENTRY;
  }

  #readCreator(bytes: Uint8Array, start: number, lineEnd: number): void {
    let digits = lineEnd;
    while (isDigit(bytes[digits - 1])) digits -= 1;
    const mark = digits - IN_GOROUTINE.length;
    if (digits === lineEnd || mark < start || !startsWithAt(bytes, mark, lineEnd, IN_GOROUTINE)) {
      this.headLength = lineEnd - start;
      return;
    }
    this.headLength = mark - start;
    for (let at = digits; at < lineEnd; at += 1) {
      this.number = this.number * 10 + (bytes[at] as number) - 48;
    }
  }
}

/** Where the pc offset (` +0x1f`, ` fp=…`, ` pc=…`) of a file line starts, or the line's end. */
function placeCut(bytes: Uint8Array, start: number, end: number): number {
  let digits = end;
  while (digits > start && isHexDigit(bytes[digits - 1] as number)) digits -= 1;
  const plain = digits - 4;
  // ` +0x1f` at the very end is all there is nearly always.
  if (plain > start && startsWithAt(bytes, plain, end, OFFSET_MARKS[0] as Uint8Array)) {
    return plain;
  }
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== SPACE) continue;
    for (const mark of OFFSET_MARKS) if (startsWithAt(bytes, at, end, mark)) return at;
  }
  return end;
}

function endsInLineNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let at = end;
  while (at > start && isDigit(bytes[at - 1])) at -= 1;
  return at < end && at - 1 > start && bytes[at - 1] === 0x3a;
}

/** Tells a log line from the half of an entry whose other half is gone. */
function judgeLoneLine(bytes: Uint8Array, start: number, end: number): EntryOutcome {
  if (end === start || startsWithAt(bytes, start, end, TEST_VERDICT)) return FOREIGN_LINE;
  const wasEntry =
    bytes[end - 1] === 0x29 ||
    startsWithAt(bytes, start, end, CREATED_BY) ||
    bytes.subarray(start, end).includes(TAB) ||
    findBytes(bytes, start, end, OFFSET_MARKS[0] as Uint8Array) >= 0;
  return wasEntry ? BROKEN : FOREIGN_LINE;
}

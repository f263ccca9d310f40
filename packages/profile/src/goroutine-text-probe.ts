/** Finds the first line of a dump among whatever stands before it: panics, log lines, nothing. */
import { findBytes, lineEndAt, readText, textBytes } from "./goroutine-bytes.ts";
import { LinePrefix } from "./goroutine-log-lines.ts";

const GOROUTINE = textBytes("goroutine");
const DEBUG2_LINE =
  /^goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[(?:[^\]]*|[^\]{]* labels:\{.*\})\](?: \{.*\})?:\r?$/;
const DEBUG1_LINE = /^goroutine(leak)? profile: total \d+\r?$/;
const BYTE_ORDER_MARK = "\ufeff";

export interface DumpStart {
  readonly format: "goroutine-debug2" | "goroutine-debug1";
  /** Where the dump's first line starts, its prefix included. */
  readonly position: number;
  /** What every line has before it and after it; undefined when lines are clean. */
  readonly prefix: LinePrefix | undefined;
}

/** Reading on from `position` with more bytes may find one. */
export interface NoStartYet {
  readonly format: undefined;
  readonly position: number;
}

/** Looks at whole lines in `bytes[start …]`. */
export function findDumpStart(bytes: Uint8Array, start: number): DumpStart | NoStartYet {
  let position = start;
  while (position < bytes.length) {
    const lineEnd = lineEndAt(bytes, position, bytes.length);
    if (lineEnd === bytes.length) break;
    const found = judgeLine(bytes, position, lineEnd);
    if (found !== undefined) return found;
    position = lineEnd + 1;
  }
  return { format: undefined, position };
}

/** True when the bytes end inside of what may be a dump's first line. */
export function mayBeDumpStart(rest: Uint8Array): boolean {
  const text = readText(rest, 0, Math.min(rest.length, GOROUTINE.length));
  return text !== "" && "goroutine".startsWith(text);
}

function judgeLine(
  bytes: Uint8Array,
  lineStart: number,
  lineEnd: number,
): DumpStart | NoStartYet | undefined {
  const word = findBytes(bytes, lineStart, lineEnd, GOROUTINE);
  if (word < 0) return undefined;
  const text = readText(bytes, word, lineEnd);
  const isDebug2 = DEBUG2_LINE.test(text);
  if (!isDebug2 && !DEBUG1_LINE.test(text)) return undefined;
  const format = isDebug2 ? "goroutine-debug2" : "goroutine-debug1";
  const isMarked = readText(bytes, lineStart, word) === BYTE_ORDER_MARK;
  if (isMarked) lineStart = word;
  const prefix = new LinePrefix(bytes.subarray(lineStart, word));
  if (word === lineStart) {
    return { format, position: lineStart, prefix: text.endsWith("\r") ? prefix : undefined };
  }
  // The next line must carry the prefix too; otherwise somebody only speaks of goroutines.
  const nextEnd = lineEndAt(bytes, lineEnd + 1, bytes.length);
  if (nextEnd === bytes.length) return { format: undefined, position: lineStart };
  if (prefix.endIn(bytes, lineEnd + 1, nextEnd) < 0) return undefined;
  return { format, position: lineStart, prefix };
}

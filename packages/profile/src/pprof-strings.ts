/**
 * The string table of a pprof file.
 *
 * Decoding strings one by one costs a call into the engine for each. Instead a long
 * run of the file is decoded at once: when that yields as many characters as there
 * are bytes, every character is one byte, so byte offsets are character offsets and
 * each string is a slice. Only runs that are not plain ASCII go string by string.
 */
import { MessageCursor, type MessageWindow } from "./message-window.ts";
import type { ProblemLog } from "./problem-log.ts";

/** Long enough that the call costs nothing, short enough that one odd string spoils little. */
const RUN_BYTES_MAX = 65_536;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Decodes the whole table. Invalid UTF-8 becomes U+FFFD; string 0 is always the empty string. */
export function decodeStringTable(
  bytes: Uint8Array,
  window: MessageWindow,
  problems: ProblemLog,
): string[] {
  const strings: string[] = [];
  const run = new AsciiRun(bytes, window.end);
  const cursor = new MessageCursor(bytes, window);
  while (cursor.next()) strings.push(run.decode(cursor.start, cursor.end));
  if (strings.length === 0) return [""];
  if (strings[0] !== "") {
    problems.add("WT_PROFILE_CORRUPT", window.start, "string 0 is not empty");
    strings[0] = "";
  }
  return strings;
}

/** The stretch of the file that was decoded last. */
class AsciiRun {
  readonly #bytes: Uint8Array;
  readonly #windowEnd: number;
  #start = 0;
  #end = 0;
  /** The run as text, or undefined when it is not plain ASCII. */
  #text: string | undefined;

  constructor(bytes: Uint8Array, windowEnd: number) {
    this.#bytes = bytes;
    this.#windowEnd = windowEnd;
  }

  decode(start: number, end: number): string {
    if (end > this.#end) this.#moveTo(start, end);
    if (this.#text !== undefined) return this.#text.slice(start - this.#start, end - this.#start);
    return decoder.decode(this.#bytes.subarray(start, end));
  }

  #moveTo(start: number, end: number): void {
    this.#start = start;
    this.#end = Math.max(end, Math.min(start + RUN_BYTES_MAX, this.#windowEnd));
    const text = decoder.decode(this.#bytes.subarray(this.#start, this.#end));
    this.#text = text.length === this.#end - this.#start ? text : undefined;
  }
}

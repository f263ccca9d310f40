/**
 * Takes off what a log collector put around a dump: the prefix before every line (`kubectl logs
 * --timestamps`, `docker compose logs`, CRI and syslog files) and the carriage return after it.
 *
 * The prefix is learned from one line. Digits in it may change and grow from line to line,
 * everything else must stay.
 */
import { lineEndAt, NEWLINE, SPACE } from "./goroutine-bytes.ts";
import { type BlockReader, TextStaging } from "./goroutine-text-staging.ts";

const CARRIAGE_RETURN = 13;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

export class LinePrefix {
  readonly #sample: Uint8Array;

  /** `sample` is the prefix as it stood before one line; empty for none. */
  constructor(sample: Uint8Array) {
    this.#sample = new Uint8Array(sample);
  }

  /** Where the line's own text starts; -1 when it does not carry the prefix. */
  endIn(bytes: Uint8Array, start: number, end: number): number {
    const sample = this.#sample;
    let at = start;
    for (let index = 0; index < sample.length; index += 1) {
      if (isDigit(sample[index])) {
        if (at === end || !isDigit(bytes[at])) return -1;
        while (isDigit(sample[index + 1])) index += 1;
        while (at < end && isDigit(bytes[at])) at += 1;
      } else if (at === end && sample.subarray(index).every((byte) => byte === SPACE)) {
        // A blank line whose prefix lost its trailing spaces on the way.
        return end;
      } else if (at === end || bytes[at] !== sample[index]) {
        return -1;
      } else {
        at += 1;
      }
    }
    return at;
  }
}

/** Hands every line on without its prefix and carriage return. Offsets count what is handed on. */
export class LogLineReader implements BlockReader {
  readonly #prefix: LinePrefix;
  readonly #staging: TextStaging;
  #cleaned: Uint8Array = new Uint8Array(0);
  #isMidLine = false;

  constructor(prefix: LinePrefix, reader: BlockReader, restBytesMax: number) {
    this.#prefix = prefix;
    this.#staging = new TextStaging(reader, restBytesMax);
  }

  read(bytes: Uint8Array, _view: DataView, start: number, _base: number): number {
    if (this.#cleaned.length < bytes.length) this.#cleaned = new Uint8Array(bytes.length);
    let position = start;
    let length = 0;
    while (position < bytes.length) {
      const lineEnd = lineEndAt(bytes, position, bytes.length);
      if (this.#isMidLine) {
        this.#isMidLine = lineEnd === bytes.length;
        position = Math.min(bytes.length, lineEnd + 1);
        continue;
      }
      if (lineEnd === bytes.length) break;
      length = this.#cleanLine(bytes, position, lineEnd, length);
      this.#cleaned[length] = NEWLINE;
      length += 1;
      position = lineEnd + 1;
    }
    this.#staging.push(this.#cleaned.subarray(0, length));
    return position;
  }

  /** A line that outgrew every limit is no part of a dump. */
  abandon(): void {
    this.#isMidLine = true;
    this.#staging.push(Uint8Array.of(NEWLINE));
  }

  finish(rest: Uint8Array): { readonly rest: Uint8Array; readonly offset: number } {
    if (this.#cleaned.length < rest.length) this.#cleaned = new Uint8Array(rest.length);
    const length = this.#cleanLine(rest, 0, rest.length, 0);
    this.#staging.push(this.#cleaned.subarray(0, length));
    return this.#staging.finish();
  }

  #cleanLine(bytes: Uint8Array, start: number, lineEnd: number, length: number): number {
    const end = bytes[lineEnd - 1] === CARRIAGE_RETURN && lineEnd > start ? lineEnd - 1 : lineEnd;
    const textStart = this.#prefix.endIn(bytes, start, end);
    const text = bytes.subarray(textStart < 0 ? start : textStart, end);
    this.#cleaned.set(text, length);
    return length + text.length;
  }
}

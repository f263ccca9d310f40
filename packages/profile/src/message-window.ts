/** Where a file keeps its messages of one kind, and a cursor over just those. */
import { LENGTH_DELIMITED, WireReader } from "./wire-reader.ts";

/** The part of the file that holds every message of one field, and how many to take from it. */
export class MessageWindow {
  readonly field: number;
  start = 0;
  end = 0;
  count = 0;

  constructor(field: number) {
    this.field = field;
  }

  /** Adds the message whose tag is at `start`. */
  include(start: number, end: number): void {
    if (this.count === 0) this.start = start;
    this.end = end;
    this.count += 1;
  }
}

/** Visits the messages of one window, stepping over whatever lies between them. */
export class MessageCursor {
  readonly #bytes: Uint8Array;
  readonly #window: MessageWindow;
  readonly #reader: WireReader;
  readonly #tag: number;
  #left: number;
  /** Payload of the current message. */
  start: number;
  end: number;

  constructor(bytes: Uint8Array, window: MessageWindow) {
    this.#bytes = bytes;
    this.#window = window;
    this.#reader = new WireReader(bytes);
    this.#tag = (window.field << 3) | LENGTH_DELIMITED;
    this.#left = window.count;
    this.start = window.start;
    this.end = window.start;
  }

  /** Moves to the next message; false after the last. */
  next(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    const bytes = this.#bytes;
    const position = this.end;
    if (bytes[position] !== this.#tag || position + 3 > this.#window.end) return this.#search();
    const first = bytes[position + 1]!;
    const second = bytes[position + 2]!;
    const isShort = first < 0x80;
    if (!isShort && second >= 0x80) return this.#search();
    this.start = position + (isShort ? 2 : 3);
    this.end = this.start + (isShort ? first : (first & 0x7f) | (second << 7));
    return true;
  }

  #search(): boolean {
    const reader = this.#reader;
    reader.seek(this.end, this.#window.end);
    while (reader.nextField()) {
      if (reader.field !== this.#window.field || reader.wireType !== LENGTH_DELIMITED) {
        if (!reader.skipField()) return false;
        continue;
      }
      const end = reader.readPayloadEnd();
      if (end < 0) return false;
      this.start = reader.position;
      this.end = end;
      return true;
    }
    return false;
  }
}

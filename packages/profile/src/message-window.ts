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
  readonly #window: MessageWindow;
  readonly #reader: WireReader;
  #left: number;
  /** Payload of the current message. */
  start = 0;
  end = 0;

  constructor(bytes: Uint8Array, window: MessageWindow) {
    this.#window = window;
    this.#reader = new WireReader(bytes, window.start, window.end);
    this.#left = window.count;
  }

  /** Moves to the next message; false after the last. */
  next(): boolean {
    const reader = this.#reader;
    while (this.#left > 0 && reader.nextField()) {
      if (reader.field !== this.#window.field || reader.wireType !== LENGTH_DELIMITED) {
        if (!reader.skipField()) return false;
        continue;
      }
      const end = reader.readPayloadEnd();
      if (end < 0) return false;
      this.start = reader.position;
      this.end = end;
      reader.position = end;
      this.#left -= 1;
      return true;
    }
    return false;
  }
}

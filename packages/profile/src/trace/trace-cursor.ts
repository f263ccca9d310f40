/** Reads the varints of an execution trace; the end of the bytes is a value, not an exception. */

export class TraceCursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  offset: number;
  /** True once more was asked for than there is. */
  isPastEnd = false;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#end = Math.min(end, bytes.length);
    this.offset = start;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.#end;
  }

  byte(): number {
    if (this.offset >= this.#end) {
      this.isPastEnd = true;
      return 0;
    }
    return this.#bytes[this.offset++] as number;
  }

  /** Unsigned LEB128. Beyond 2^53 the value is inexact, which only timestamps and addresses are. */
  varint(): number {
    let value = 0;
    for (let scale = 1, length = 0; length < 10; scale *= 128, length++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    return value;
  }

  take(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.#end) this.isPastEnd = true;
    const taken = this.#bytes.subarray(this.offset, Math.min(end, this.#end));
    this.offset = Math.min(end, this.#end);
    return taken;
  }
}

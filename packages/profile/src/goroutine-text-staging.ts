/**
 * Cuts a stream of chunks into blocks that a reader can take apart in place.
 *
 * Large chunks are read where they are; only what is left at their end is copied and joined
 * with the start of the next. Small chunks are gathered first, and a block that no whole
 * goroutine fits into is doubled before it is shown again, so that a stream that drips byte
 * by byte costs no more than one that pours.
 */

export interface BlockReader {
  /** Reads `bytes[start …]` and returns the position up to which it is done; `base` is the stream offset of `bytes[0]`. */
  read(bytes: Uint8Array, view: DataView, start: number, base: number): number;
  /** Told the stream offset of something that does not fit into `restBytesMax`. The next read passes over it. */
  abandon(offset: number): void;
}

const BLOCK_BYTES = 1 << 16;
/** What is first joined to the rest of the last chunk: enough for most goroutines that were cut. */
const JOIN_BYTES = 1 << 14;

export class TextStaging {
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #restLength = 0;
  #restOffset = 0;
  /** How much must be gathered before it is worth reading. */
  #wantedBytes = BLOCK_BYTES;
  readonly #reader: BlockReader;
  readonly #restBytesMax: number;

  constructor(reader: BlockReader, restBytesMax: number) {
    this.#reader = reader;
    this.#restBytesMax = restBytesMax;
  }

  /** Reads what the chunk makes whole. The chunk is not kept. */
  push(chunk: Uint8Array): void {
    if (chunk.length < BLOCK_BYTES) {
      this.#append(chunk);
      if (this.#restLength >= this.#wantedBytes) this.#readRest();
      return;
    }
    const from = this.#restLength === 0 ? 0 : this.#completeRest(chunk);
    if (from === chunk.length) return;
    const base = this.#restOffset - from;
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
    const done = this.#reader.read(chunk, view, from, base);
    this.#restOffset = base + done;
    this.#append(chunk.subarray(done));
    this.#boundRest();
  }

  /** Reads all that was gathered; what is left is one thing that is not whole. */
  finish(): { readonly rest: Uint8Array; readonly offset: number } {
    this.#readRest();
    return { rest: this.#rest.subarray(0, this.#restLength), offset: this.#restOffset };
  }

  /** Returns the position in `chunk` from which on nothing was read. */
  #completeRest(chunk: Uint8Array): number {
    let from = 0;
    while (from < chunk.length) {
      const joined = Math.min(chunk.length - from, Math.max(JOIN_BYTES, this.#restLength));
      this.#append(chunk.subarray(from, from + joined));
      from += joined;
      this.#readRest();
      if (this.#restLength > from) continue;
      from -= this.#restLength;
      this.#restLength = 0;
      return from;
    }
    return from;
  }

  #append(piece: Uint8Array): void {
    const length = this.#restLength + piece.length;
    if (length > this.#rest.length) {
      const wider = new Uint8Array(Math.max(length, this.#rest.length * 2, 2 * JOIN_BYTES));
      wider.set(this.#rest.subarray(0, this.#restLength));
      this.#rest = wider;
    }
    this.#rest.set(piece, this.#restLength);
    this.#restLength = length;
  }

  #readRest(): void {
    const bytes = this.#rest.subarray(0, this.#restLength);
    const view = new DataView(this.#rest.buffer, 0, this.#restLength);
    const done = this.#reader.read(bytes, view, 0, this.#restOffset);
    this.#rest.copyWithin(0, done, this.#restLength);
    this.#restLength -= done;
    this.#restOffset += done;
    this.#boundRest();
    this.#wantedBytes = Math.max(BLOCK_BYTES, 2 * this.#restLength);
  }

  #boundRest(): void {
    if (this.#restLength <= this.#restBytesMax) return;
    this.#reader.abandon(this.#restOffset);
    this.#readRest();
  }
}

/**
 * A gzip file may hold several members, one after the other (RFC 1952): logs that were appended to, `cat a.gz b.gz`.
 * `DecompressionStream` takes one, and does not say where it ended. A member that is given exactly is whole by its own
 * checksum, so its end is looked for: where the next one begins.
 */

/** Magic number and the only method there is. */
const MEMBER_START = [0x1f, 0x8b, 0x08] as const;
/** Flags beyond these are reserved. */
const FLAGS_MAX = 0x1f;
/** Header, an empty block and a trailer. */
const MEMBER_BYTES_MIN = 18;

/** Offsets at which another member may begin, ascending. Three bytes in a row look like one about once in 16 MiB. */
export function* listMemberStarts(bytes: Uint8Array): Iterable<number> {
  let at = MEMBER_BYTES_MIN;
  for (;;) {
    at = bytes.indexOf(MEMBER_START[0], at);
    if (at < 0) return;
    const isStart =
      bytes[at + 1] === MEMBER_START[1] &&
      bytes[at + 2] === MEMBER_START[2] &&
      (bytes[at + 3] ?? FLAGS_MAX + 1) <= FLAGS_MAX;
    if (isStart) yield at;
    at += 1;
  }
}

/** Pieces of a stream, kept while they are taken, so that they can be taken again. */
export class KeptStream implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #bytesMax: number;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #hasFailed = false;

  /** @param bytesMax beyond it nothing is kept */
  constructor(source: AsyncIterable<Uint8Array>, bytesMax: number) {
    this.#source = source[Symbol.asyncIterator]();
    this.#bytesMax = bytesMax;
  }

  /** Has no `return`: who stops early leaves the rest to {@link drain}. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: async () => await this.#next() };
  }

  /** Everything from the first piece to the last; undefined when that is too much, or when the source fails. */
  async drain(): Promise<Uint8Array | undefined> {
    while (!this.#hasFailed) {
      const next = await this.#next().catch(() => undefined);
      if (next === undefined || next.done === true) break;
    }
    if (this.#hasFailed || this.#length > this.#bytesMax) return undefined;
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    await this.#source.return?.().catch(() => undefined);
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    const next = await this.#source.next().catch((error: unknown) => {
      this.#hasFailed = true;
      throw error;
    });
    if (next.done === true) return next;
    this.#length += next.value.length;
    if (this.#length <= this.#bytesMax) this.#pieces.push(next.value);
    else this.#pieces.length = 0;
    return next;
  }
}

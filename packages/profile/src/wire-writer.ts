/**
 * Protocol-buffer wire format, writing side.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
import { LENGTH_DELIMITED, VARINT } from "./wire-reader.ts";

const TAG_BYTES_MAX = 5;
const VARINT_BYTES_MAX = 10;
const encoder = new TextEncoder();

/** Appends fields to one growing block. */
export class WireWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** `capacity` in bytes is where it starts, not a bound. */
  constructor(capacity = 65_536) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** A varint field of 0 … 2^32 − 1; nothing for 0, which is the default of every field. */
  number(field: number, value: number): void {
    if (value === 0) return;
    this.#reserve(TAG_BYTES_MAX + VARINT_BYTES_MAX);
    this.#varint((field << 3) | VARINT);
    this.#varint(value);
  }

  /** A varint field of 64 bits given as halves; nothing for 0. */
  wide(field: number, low: number, high: number): void {
    if ((low | high) === 0) return;
    this.#reserve(TAG_BYTES_MAX + VARINT_BYTES_MAX);
    this.#varint((field << 3) | VARINT);
    this.#wideVarint(low, high);
  }

  /** A varint field of an int64; nothing for 0. */
  bigint(field: number, value: bigint): void {
    const low = Number(BigInt.asIntN(32, value));
    this.wide(field, low, Number(BigInt.asIntN(32, value >> 32n)));
  }

  /** A string field, written even when it is empty: its place in the table counts. */
  text(field: number, text: string): void {
    const bytesMax = text.length * 3;
    this.#reserve(bytesMax + TAG_BYTES_MAX * 2);
    const mark = this.begin(field);
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(this.#length));
    this.#length += written;
    this.end(mark);
  }

  /** One element of a packed field, between {@link begin} and {@link end}. */
  packedNumber(value: number): void {
    this.#reserve(VARINT_BYTES_MAX);
    this.#varint(value);
  }

  /** As {@link packedNumber}, of 64 bits given as halves. */
  packedWide(low: number, high: number): void {
    this.#reserve(VARINT_BYTES_MAX);
    this.#wideVarint(low, high);
  }

  /** Opens a length-delimited field; give what it answers to {@link end}. */
  begin(field: number): number {
    this.#reserve(TAG_BYTES_MAX + 1);
    this.#varint((field << 3) | LENGTH_DELIMITED);
    this.#length += 1;
    return this.#length;
  }

  /** Closes a field: one byte was left for its length, a longer length moves the payload. */
  end(mark: number): void {
    const size = this.#length - mark;
    const extra = varintBytes(size) - 1;
    this.#reserve(extra);
    if (extra > 0) this.#bytes.copyWithin(mark + extra, mark, this.#length);
    this.#length = mark - 1;
    this.#varint(size);
    this.#length += size;
  }

  /** Everything written, in a block of its own. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #varint(value: number): void {
    const bytes = this.#bytes;
    let rest = value;
    let length = this.#length;
    while (rest >= 0x80) {
      bytes[length++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[length++] = rest;
    this.#length = length;
  }

  #wideVarint(low: number, high: number): void {
    const bytes = this.#bytes;
    let lowRest = low >>> 0;
    let highRest = high >>> 0;
    let length = this.#length;
    while (highRest !== 0 || lowRest >= 0x80) {
      bytes[length++] = (lowRest & 0x7f) | 0x80;
      lowRest = ((lowRest >>> 7) | (highRest << 25)) >>> 0;
      highRest >>>= 7;
    }
    bytes[length++] = lowRest;
    this.#length = length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const wider = new Uint8Array(Math.max(this.#bytes.length * 2, needed));
    wider.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = wider;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}

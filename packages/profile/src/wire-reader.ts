/**
 * Protocol-buffer wire format, reading side.
 * Source: https://protobuf.dev/programming-guides/encoding/
 *
 * 64-bit numbers are handed over as two 32-bit halves, so that no BigInt is made
 * on the way into a column. A fault is sticky: the first thing that cannot be read
 * sets {@link WireReader.fault} and ends every loop, without throwing, because a
 * hostile input may hold millions of faults.
 */

/** The wire types that this reader knows; groups (3 and 4) are a fault. */
export const VARINT = 0;
const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** No fault so far. */
export const NO_FAULT = -1;

/** A cursor over one message, reusable for the next one through {@link WireReader.seek}. */
export class WireReader {
  readonly bytes: Uint8Array;
  position: number;
  end: number;
  /** Field number of the last tag. */
  field = 0;
  /** Wire type of the last tag. */
  wireType = 0;
  /** Halves of the last varint, as signed 32-bit integers. */
  low = 0;
  high = 0;
  /** Where the first unreadable thing starts, or {@link NO_FAULT}. */
  fault: number = NO_FAULT;
  /** True when the fault is that the message ends too early, false when the bytes make no sense. */
  isCut = false;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** Moves to another message of the same input and forgets the fault. */
  seek(start: number, end: number): void {
    this.position = start;
    this.end = end;
    this.fault = NO_FAULT;
    this.isCut = false;
  }

  /** Reads the next tag; false at the end of the message and after a fault. */
  nextField(): boolean {
    const start = this.position;
    if (start >= this.end) return false;
    const first = this.bytes[start]!;
    if (first < 0x80) {
      this.position = start + 1;
      this.field = first >>> 3;
      this.wireType = first & 7;
    } else {
      if (!this.readVarint()) return false;
      this.field = this.high === 0 ? this.low >>> 3 : 0;
      this.wireType = this.low & 7;
    }
    return this.field !== 0 || this.#breakAt(start);
  }

  /** Reads one varint into {@link low} and {@link high}; false when it is cut or too long. */
  readVarint(): boolean {
    const { bytes, position, end } = this;
    if (position + 4 > end) return this.#readLongVarint();
    let low = bytes[position]!;
    let length = 1;
    if (low >= 0x80) {
      low += (bytes[position + 1]! - 1) << 7;
      length = 2;
      if (low >= 0x4000) {
        low += (bytes[position + 2]! - 1) << 14;
        length = 3;
        if (low >= 0x20_0000) {
          low += (bytes[position + 3]! - 1) << 21;
          length = 4;
          if (low >= 0x1000_0000) return this.#readLongVarint();
        }
      }
    }
    this.low = low;
    this.high = 0;
    this.position = position + length;
    return true;
  }

  /** Any length, up to the last byte of the message. */
  #readLongVarint(): boolean {
    const { bytes, end } = this;
    const start = this.position;
    let position = start;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (position >= end) return this.#cutAt(start);
      const byte = bytes[position++]!;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.position = position;
        this.low = low;
        this.high = high;
        return true;
      }
    }
    return this.#breakAt(start);
  }

  /**
   * Reads the length of a length-delimited field and answers where its payload ends;
   * {@link position} is where it starts. −1 when the payload does not fit the message.
   */
  readPayloadEnd(): number {
    const start = this.position;
    if (!this.readVarint()) return -1;
    const payloadEnd = this.position + (this.low >>> 0);
    if (this.high === 0 && payloadEnd <= this.end) return payloadEnd;
    this.#cutAt(start);
    return -1;
  }

  /** Steps over the field whose tag was just read; false when it does not end inside the message. */
  skipField(): boolean {
    const start = this.position;
    switch (this.wireType) {
      case VARINT:
        return this.readVarint();
      case LENGTH_DELIMITED: {
        const payloadEnd = this.readPayloadEnd();
        if (payloadEnd < 0) return false;
        this.position = payloadEnd;
        return true;
      }
      case FIXED32:
      case FIXED64:
        this.position = start + (this.wireType === FIXED32 ? 4 : 8);
        return this.position <= this.end || this.#cutAt(start);
      default:
        return this.#breakAt(start);
    }
  }

  /** The last varint as a non-negative number, or Infinity beyond 2^53. */
  unsignedNumber(): number {
    const high = this.high >>> 0;
    return high < 0x20_0000 ? high * 0x1_0000_0000 + (this.low >>> 0) : Number.POSITIVE_INFINITY;
  }

  /** The last varint as a signed 64-bit integer. */
  signedBigInt(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low >>> 0);
  }

  #cutAt(offset: number): false {
    this.isCut = true;
    return this.#breakAt(offset);
  }

  #breakAt(offset: number): false {
    if (this.fault === NO_FAULT) this.fault = offset;
    this.position = this.end;
    return false;
  }
}

/**
 * A varint of at most four bytes as `value * 8 + length` in 32 bits, read with `>>> 3` and
 * `& 7`; 0 when it is longer. The view must reach four bytes beyond `position`.
 */
export function readShortVarint(view: DataView, position: number): number {
  const word = view.getInt32(position, true);
  let packed = (word & 0x7f) << 3;
  if ((word & 0x80) === 0) return packed | 1;
  packed |= (word & 0x7f00) << 2;
  if ((word & 0x8000) === 0) return packed | 2;
  packed |= (word & 0x7f_0000) << 1;
  if ((word & 0x80_0000) === 0) return packed | 3;
  return word < 0 ? 0 : packed | (word & 0x7f00_0000) | 4;
}

/** Share of a column that may stay unused at its end. */
const SPARE_SHARE = 1 / 16;

/**
 * A 64-bit column written as two 32-bit halves, so that filling it makes no BigInt.
 * Every platform that runs JavaScript today stores the low half first.
 */
export class WideColumn {
  #buffer: ArrayBuffer;
  /** Row `i` has its low half at `2 * i` and its high half at `2 * i + 1`. */
  halves: Int32Array<ArrayBuffer>;

  constructor(count: number) {
    this.#buffer = new ArrayBuffer(count * 8);
    this.halves = new Int32Array(this.#buffer);
  }

  /** Writes one row. */
  set(row: number, low: number, high: number): void {
    this.halves[row * 2] = low;
    this.halves[row * 2 + 1] = high;
  }

  /** Makes room for `count` rows. */
  grow(count: number): void {
    const { halves } = this;
    this.#buffer = new ArrayBuffer(count * 8);
    this.halves = new Int32Array(this.#buffer);
    this.halves.set(halves);
  }

  /** The first `count` rows, see {@link fitColumn}. */
  toSigned(count: number): BigInt64Array {
    return fitColumn(new BigInt64Array(this.#buffer), count);
  }

  /** As {@link toSigned}, over 0 … 2^64 − 1. */
  toUnsigned(count: number): BigUint64Array {
    return fitColumn(new BigUint64Array(this.#buffer), count);
  }
}

/**
 * The first `count` entries. When many are left over they are copied, so that no
 * spare memory is kept; a few left over (never touched, so never in memory) stay.
 */
export function fitColumn<Column extends Uint32Array | Uint8Array | BigInt64Array | BigUint64Array>(
  column: Column,
  count: number,
): Column {
  if (count === column.length) return column;
  const isTight = column.length - count < column.length * SPARE_SHARE;
  return (isTight ? column.subarray(0, count) : column.slice(0, count)) as Column;
}

/** A column of at least `capacity` entries that starts with `column`. */
export function growColumn(column: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const wider = new Uint32Array(capacity);
  wider.set(column);
  return wider;
}

/** The 32-bit halves of a 64-bit column, low half first, sharing its memory. */
export function halvesOf(column: BigInt64Array | BigUint64Array): Int32Array {
  return new Int32Array(column.buffer, column.byteOffset, column.length * 2);
}

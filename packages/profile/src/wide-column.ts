/**
 * A 64-bit column written as two 32-bit halves, so that filling it makes no BigInt.
 * Every platform that runs JavaScript today stores the low half first.
 */
export class WideColumn {
  readonly #buffer: ArrayBuffer;
  /** Row `i` has its low half at `2 * i` and its high half at `2 * i + 1`. */
  readonly halves: Int32Array<ArrayBuffer>;

  constructor(count: number) {
    this.#buffer = new ArrayBuffer(count * 8);
    this.halves = new Int32Array(this.#buffer);
  }

  /** Writes one row. */
  set(row: number, low: number, high: number): void {
    this.halves[row * 2] = low;
    this.halves[row * 2 + 1] = high;
  }

  /** The first `count` rows; a copy only when rows are left over. */
  toSigned(count: number): BigInt64Array<ArrayBuffer> {
    const column = new BigInt64Array(this.#buffer);
    return count === column.length ? column : column.slice(0, count);
  }

  /** As {@link toSigned}, over 0 … 2^64 − 1. */
  toUnsigned(count: number): BigUint64Array<ArrayBuffer> {
    const column = new BigUint64Array(this.#buffer);
    return count === column.length ? column : column.slice(0, count);
  }
}

/** The first `count` entries; a copy only when entries are left over, so that no spare memory is kept. */
export function fitColumn<Column extends Uint32Array | Uint8Array>(
  column: Column,
  count: number,
): Column {
  return count === column.length ? column : (column.slice(0, count) as Column);
}

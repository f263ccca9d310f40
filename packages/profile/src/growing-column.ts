/** Columns whose length is not known beforehand. */
import { fitColumn, growColumn, WideColumn } from "./wide-column.ts";

/** A Uint32 column that grows as it is pushed to. */
export class GrowingColumn {
  #column: Uint32Array;
  #length = 0;

  constructor(expected = 1024) {
    this.#column = new Uint32Array(expected);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#column.length) {
      this.#column = growColumn(this.#column, this.#length * 2 + 64);
    }
    this.#column[this.#length++] = value;
  }

  finish(): Uint32Array {
    return fitColumn(this.#column, this.#length);
  }
}

/** An int64 column that grows as it is pushed to. */
export class GrowingWideColumn {
  #column: WideColumn;
  #length = 0;

  constructor(expected = 1024) {
    this.#column = new WideColumn(expected);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds one row as two 32-bit halves. */
  pushHalves(low: number, high: number): void {
    if (this.#length * 2 === this.#column.halves.length) this.#column.grow(this.#length * 2 + 64);
    this.#column.set(this.#length++, low, high);
  }

  /** Adds one row; a number must be a whole one within ±2^53. */
  push(value: number | bigint): void {
    if (typeof value === "bigint") {
      this.pushHalves(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
    } else this.pushHalves(value, Math.floor(value / 0x1_0000_0000));
  }

  finishSigned(): BigInt64Array {
    return this.#column.toSigned(this.#length);
  }

  finishUnsigned(): BigUint64Array {
    return this.#column.toUnsigned(this.#length);
  }
}

/** Second pass over a pprof file: the labels of samples become columns. */
import { LabelField } from "./pprof-fields.ts";
import type { PprofReferences } from "./pprof-references.ts";
import type { SampleColumns } from "./profile.ts";
import { fitColumn, growColumn, WideColumn } from "./wide-column.ts";
import { NO_FAULT, VARINT, WireReader } from "./wire-reader.ts";

type LabelColumns = Pick<
  SampleColumns,
  "labelOffset" | "labelKey" | "labelString" | "labelNumber" | "labelUnit"
>;

export class LabelRows {
  readonly #reader: WireReader;
  readonly #references: PprofReferences;
  readonly #offset: Uint32Array;
  readonly #number: WideColumn;
  #key: Uint32Array;
  #string: Uint32Array;
  #unit: Uint32Array;
  #sample = 0;
  #length = 0;

  /** Labels of all samples so far. */
  get length(): number {
    return this.#length;
  }

  constructor(
    bytes: Uint8Array,
    sampleCount: number,
    /** Expected, not a bound. */
    labelCount: number,
    references: PprofReferences,
  ) {
    this.#reader = new WireReader(bytes);
    this.#references = references;
    this.#offset = new Uint32Array(sampleCount + 1);
    this.#key = new Uint32Array(labelCount);
    this.#string = new Uint32Array(labelCount);
    this.#number = new WideColumn(labelCount);
    this.#unit = new Uint32Array(labelCount);
  }

  /** Adds one label message to the current sample; false when it cannot be read to its end. */
  read(start: number, end: number): boolean {
    const reader = this.#reader;
    const row = this.#length++;
    if (row === this.#key.length) this.#grow();
    reader.seek(start, end);
    while (reader.nextField()) {
      if (reader.wireType !== VARINT) reader.skipField();
      else if (reader.readVarint()) this.#takeField(row);
    }
    return reader.fault === NO_FAULT;
  }

  #grow(): void {
    const capacity = Math.ceil(this.#length * 1.5) + 64;
    this.#key = growColumn(this.#key, capacity);
    this.#string = growColumn(this.#string, capacity);
    this.#unit = growColumn(this.#unit, capacity);
    this.#number.grow(capacity);
  }

  #takeField(row: number): void {
    const reader = this.#reader;
    switch (reader.field) {
      case LabelField.key:
        this.#key[row] = this.#references.string(reader);
        break;
      case LabelField.string:
        this.#string[row] = this.#references.string(reader);
        break;
      case LabelField.number:
        this.#number.set(row, reader.low, reader.high);
        break;
      case LabelField.unit:
        this.#unit[row] = this.#references.string(reader);
        break;
      default:
    }
  }

  /** Closes the current sample's labels. */
  endSample(): void {
    this.#sample += 1;
    this.#offset[this.#sample] = this.#length;
  }

  /** Forgets the current sample's labels. */
  undoSample(): void {
    const start = this.#offset[this.#sample]!;
    for (let row = start; row < this.#length; row++) {
      this.#key[row] = 0;
      this.#string[row] = 0;
      this.#number.set(row, 0, 0);
      this.#unit[row] = 0;
    }
    this.#length = start;
  }

  finish(sampleCount: number): LabelColumns {
    const length = this.#length;
    return {
      labelOffset: fitColumn(this.#offset, sampleCount + 1),
      labelKey: fitColumn(this.#key, length),
      labelString: fitColumn(this.#string, length),
      labelNumber: this.#number.toSigned(length),
      labelUnit: fitColumn(this.#unit, length),
    };
  }
}

/** Second pass over a pprof file: the labels of samples become columns. */
import { LabelField } from "./pprof-fields.ts";
import type { PprofReferences } from "./pprof-references.ts";
import type { SampleColumns } from "./profile.ts";
import { fitColumn, growColumn, WideColumn } from "./wide-column.ts";
import { NO_FAULT, readShortVarint, VARINT, WireReader } from "./wire-reader.ts";

type LabelColumns = Pick<
  SampleColumns,
  "labelOffset" | "labelKey" | "labelString" | "labelNumber" | "labelUnit"
>;

export class LabelRows {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Last position at which a one-byte tag and a short varint can be read at once. */
  readonly #wordMax: number;
  readonly #reader: WireReader;
  readonly #stringCount: number;
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
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#wordMax = bytes.length - 4;
    this.#reader = new WireReader(bytes);
    this.#stringCount = references.stringCount;
    this.#references = references;
    this.#offset = new Uint32Array(sampleCount + 1);
    this.#key = new Uint32Array(labelCount);
    this.#string = new Uint32Array(labelCount);
    this.#number = new WideColumn(labelCount);
    this.#unit = new Uint32Array(labelCount);
  }

  /** Adds one label message to the current sample; false when it cannot be read to its end. */
  read(start: number, end: number): boolean {
    const row = this.#length++;
    if (row === this.#key.length) this.#grow();
    const wordEnd = Math.min(end, this.#wordMax);
    let position = start;
    while (position < wordEnd) {
      const tag = this.#bytes[position]!;
      const short = readShortVarint(this.#view, position + 1);
      if ((tag & 0x87) !== VARINT || short === 0) break;
      this.#takeShort(row, tag >>> 3, short >>> 3, position);
      position += 1 + (short & 7);
    }
    return position >= end ? position === end : this.#readAny(row, position, end);
  }

  #takeShort(row: number, field: number, value: number, offset: number): void {
    if (field === LabelField.number) this.#number.set(row, value, 0);
    else if (field === LabelField.key) this.#key[row] = this.#stringAt(value, offset);
    else if (field === LabelField.string) this.#string[row] = this.#stringAt(value, offset);
    else if (field === LabelField.unit) this.#unit[row] = this.#stringAt(value, offset);
  }

  #stringAt(index: number, offset: number): number {
    return index < this.#stringCount ? index : this.#references.missingString(index, offset);
  }

  /** Fields in any encoding, near the end of the file too. */
  #readAny(row: number, start: number, end: number): boolean {
    const reader = this.#reader;
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

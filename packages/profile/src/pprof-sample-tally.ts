/**
 * How many stack entries and labels a file holds, from a look at some of its samples.
 *
 * Counting exactly would mean to read every byte twice. Of the first samples all are
 * counted, of the rest one in {@link STRIDE}; what is allocated for the rest is a
 * little more than that predicts, and grows in the rare case that it is not enough.
 * The number of entries of a packed field is the number of its bytes below 0x80,
 * looked at four at a time.
 */
import { SampleField } from "./pprof-fields.ts";
import { LENGTH_DELIMITED, VARINT, WireReader } from "./wire-reader.ts";

const PACKED_STACK_TAG = (SampleField.locationId << 3) | LENGTH_DELIMITED;
const PACKED_VALUES_TAG = (SampleField.value << 3) | LENGTH_DELIMITED;
const LABEL_TAG = (SampleField.label << 3) | LENGTH_DELIMITED;

/** Samples that are all counted. */
const COUNTED_MIN = 1024;
/** Of the others, one in as many; a power of two. */
const STRIDE = 64;
/** What a prediction adds, for the file that is not quite even. */
const MARGIN = 1.02;

export class SampleTally {
  #stackEntryCount = 0;
  #labelCount = 0;
  #bytesCounted = 0;
  /** Bytes of all samples, counted or not. */
  bytesSeen = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #reader: WireReader;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#reader = new WireReader(bytes);
  }

  get stackEntriesExpected(): number {
    return this.#predict(this.#stackEntryCount);
  }

  get labelsExpected(): number {
    return this.#predict(this.#labelCount);
  }

  #predict(counted: number): number {
    if (this.#bytesCounted === this.bytesSeen) return counted;
    return Math.ceil((counted / this.#bytesCounted) * this.bytesSeen * MARGIN);
  }

  /** Takes notice of sample number `index`, whose message this is. */
  add(index: number, start: number, end: number): void {
    this.bytesSeen += end - start;
    if (index >= COUNTED_MIN && (index & (STRIDE - 1)) !== 0) return;
    this.#bytesCounted += end - start;
    this.#count(start, end);
  }

  /** Counts one sample message, up to the first thing that cannot be read. */
  #count(start: number, end: number): void {
    const bytes = this.#bytes;
    let position = start;
    while (position + 1 < end) {
      const tag = bytes[position]!;
      const length = bytes[position + 1]!;
      const isCommon = tag === PACKED_STACK_TAG || tag === PACKED_VALUES_TAG || tag === LABEL_TAG;
      if (!isCommon || length >= 0x80) {
        position = this.#addUncommon(position, end);
        continue;
      }
      const payload = position + 2;
      position = payload + length;
      if (position > end) return;
      if (tag === PACKED_STACK_TAG) this.#stackEntryCount += this.#countVarints(payload, position);
      else if (tag === LABEL_TAG) this.#labelCount += 1;
    }
  }

  /** One field in any encoding; answers where the next one starts. */
  #addUncommon(start: number, end: number): number {
    const reader = this.#reader;
    reader.seek(start, end);
    if (!reader.nextField()) return end;
    if (reader.wireType !== LENGTH_DELIMITED) {
      if (reader.field === SampleField.locationId && reader.wireType === VARINT) {
        this.#stackEntryCount += 1;
      }
      return reader.skipField() ? reader.position : end;
    }
    const payloadEnd = reader.readPayloadEnd();
    if (payloadEnd < 0) return end;
    if (reader.field === SampleField.locationId) {
      this.#stackEntryCount += this.#countVarints(reader.position, payloadEnd);
    } else if (reader.field === SampleField.label) this.#labelCount += 1;
    return payloadEnd;
  }

  #countVarints(start: number, end: number): number {
    const view = this.#view;
    const wordsEnd = end - 3;
    let count = 0;
    let position = start;
    for (; position < wordsEnd; position += 4) {
      const lastBytes = ~view.getInt32(position, true) & 0x8080_8080;
      count += Math.imul(lastBytes >>> 7, 0x0101_0101) >>> 24;
    }
    for (; position < end; position++) count += (this.#bytes[position]! >>> 7) ^ 1;
    return count;
  }
}

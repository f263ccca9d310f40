/**
 * Counts what a sample message holds without decoding it: the number of entries of
 * a packed field is the number of its bytes below 0x80, four bytes looked at a time.
 */
import { SampleField } from "./pprof-fields.ts";
import { LENGTH_DELIMITED, VARINT, WireReader } from "./wire-reader.ts";

const PACKED_STACK_TAG = (SampleField.locationId << 3) | LENGTH_DELIMITED;
const PACKED_VALUES_TAG = (SampleField.value << 3) | LENGTH_DELIMITED;
const LABEL_TAG = (SampleField.label << 3) | LENGTH_DELIMITED;

export class SampleTally {
  stackEntryCount = 0;
  labelCount = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #reader: WireReader;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#reader = new WireReader(bytes);
  }

  /** Adds one sample message. An unreadable one is counted up to the fault: never less than is decoded. */
  add(start: number, end: number): void {
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
      if (tag === PACKED_STACK_TAG) this.stackEntryCount += this.#countVarints(payload, position);
      else if (tag === LABEL_TAG) this.labelCount += 1;
    }
  }

  /** One field in any encoding; answers where the next one starts. */
  #addUncommon(start: number, end: number): number {
    const reader = this.#reader;
    reader.seek(start, end);
    if (!reader.nextField()) return end;
    if (reader.wireType !== LENGTH_DELIMITED) {
      if (reader.field === SampleField.locationId && reader.wireType === VARINT) {
        this.stackEntryCount += 1;
      }
      return reader.skipField() ? reader.position : end;
    }
    const payloadEnd = reader.readPayloadEnd();
    if (payloadEnd < 0) return end;
    if (reader.field === SampleField.locationId) {
      this.stackEntryCount += this.#countVarints(reader.position, payloadEnd);
    } else if (reader.field === SampleField.label) this.labelCount += 1;
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

/**
 * Second pass over a pprof file: samples become columns. This is where the time
 * goes, so the common encodings are read straight from the bytes and everything
 * else goes through {@link WireReader}.
 */
import { type IdIndex, NO_ROW } from "./id-index.ts";
import { MessageCursor } from "./message-window.ts";
import { SampleField } from "./pprof-fields.ts";
import { LabelRows } from "./pprof-labels.ts";
import type { PprofLayout } from "./pprof-layout.ts";
import type { PprofReferences } from "./pprof-references.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { SampleColumns } from "./profile.ts";
import { fitColumn, WideColumn } from "./wide-column.ts";
import { LENGTH_DELIMITED, NO_FAULT, VARINT, WireReader } from "./wire-reader.ts";

const STACK_TAG = (SampleField.locationId << 3) | LENGTH_DELIMITED;
const VALUES_TAG = (SampleField.value << 3) | LENGTH_DELIMITED;
const LABEL_TAG = (SampleField.label << 3) | LENGTH_DELIMITED;

/** What samples refer to. */
export interface SampleContext {
  readonly typeCount: number;
  readonly locationIds: IdIndex;
  readonly references: PprofReferences;
  readonly problems: ProblemLog;
}

/** Decodes every sample. One that cannot be read to its end is left out whole, with a problem. */
export function decodeSamples(
  bytes: Uint8Array,
  layout: PprofLayout,
  context: SampleContext,
): SampleColumns {
  const rows = new SampleRows(bytes, layout, context);
  const cursor = new MessageCursor(bytes, layout.samples);
  while (cursor.next()) rows.take(cursor.start, cursor.end);
  return rows.finish();
}

class SampleRows {
  readonly #bytes: Uint8Array;
  readonly #reader: WireReader;
  readonly #context: SampleContext;
  /** Row of each location id; empty when ids are sparse. */
  readonly #rowOfId: Uint32Array;
  readonly #stackOffset: Uint32Array;
  readonly #stack: Uint32Array;
  readonly #values: readonly WideColumn[];
  readonly #valueHalves: readonly Int32Array[];
  readonly #labels: LabelRows;
  #row = 0;
  #stackLength = 0;
  /** Values of the current sample so far. */
  #valueCount = 0;
  /** Entries of the current sample that name no location. */
  #missingCount = 0;

  constructor(bytes: Uint8Array, layout: PprofLayout, context: SampleContext) {
    const { count } = layout.samples;
    this.#bytes = bytes;
    this.#reader = new WireReader(bytes);
    this.#context = context;
    this.#rowOfId = context.locationIds.direct;
    this.#stackOffset = new Uint32Array(count + 1);
    this.#stack = new Uint32Array(layout.stackEntryCount);
    this.#values = Array.from({ length: context.typeCount }, () => new WideColumn(count));
    this.#valueHalves = this.#values.map((column) => column.halves);
    this.#labels = new LabelRows(bytes, count, layout.labelCount, context.references);
  }

  /** Decodes the sample message between two offsets into the next row. */
  take(start: number, end: number): void {
    const stackStart = this.#stackLength;
    this.#valueCount = 0;
    this.#missingCount = 0;
    if (!this.#readFields(start, end)) return this.#undo(start, stackStart);
    if (this.#missingCount > 0) this.#dropMissing(stackStart, start);
    if (this.#valueCount !== this.#values.length) this.#reportValueCount(start);
    this.#row += 1;
    this.#stackOffset[this.#row] = this.#stackLength;
    this.#labels.endSample();
    return undefined;
  }

  #readFields(start: number, end: number): boolean {
    const bytes = this.#bytes;
    let position = start;
    while (position < end) {
      const tag = bytes[position]!;
      if (tag !== STACK_TAG && tag !== VALUES_TAG && tag !== LABEL_TAG) {
        position = this.#readUncommon(position, end);
        if (position < 0) return false;
        continue;
      }
      let payload = position + 2;
      let length = bytes[position + 1]!;
      if (length >= 0x80 || payload > end) {
        this.#reader.seek(position + 1, end);
        const payloadEnd = this.#reader.readPayloadEnd();
        if (payloadEnd < 0) return false;
        payload = this.#reader.position;
        length = payloadEnd - payload;
      }
      position = payload + length;
      if (position > end || !this.#readPayload(tag, payload, position)) return false;
    }
    return true;
  }

  #readPayload(tag: number, start: number, end: number): boolean {
    if (tag === STACK_TAG) {
      return this.#rowOfId.length > 0 ? this.#readStack(start, end) : this.#readSparse(start, end);
    }
    if (tag === VALUES_TAG) return this.#readValues(start, end);
    return this.#labels.read(start, end);
  }

  /** A packed stack whose ids index an array: up to four bytes each, anything longer is slow. */
  #readStack(start: number, end: number): boolean {
    const bytes = this.#bytes;
    const rowOfId = this.#rowOfId;
    const stack = this.#stack;
    let length = this.#stackLength;
    let position = start;
    while (position < end) {
      let id = bytes[position++]!;
      if (id >= 0x80) {
        const second = bytes[position++]!;
        id = (id & 0x7f) | ((second & 0x7f) << 7);
        if (second >= 0x80) {
          const third = bytes[position++]!;
          id |= (third & 0x7f) << 14;
          if (third >= 0x80) {
            const fourth = bytes[position++]!;
            id |= fourth << 21;
            if (fourth >= 0x80) {
              this.#stackLength = length;
              return this.#readSparse(position - 4, end);
            }
          }
        }
      }
      const row = id < rowOfId.length ? rowOfId[id]! : NO_ROW;
      if (row === NO_ROW) this.#missingCount += 1;
      stack[length++] = row;
    }
    this.#stackLength = length;
    return position === end;
  }

  /** A packed stack with any ids. */
  #readSparse(start: number, end: number): boolean {
    const reader = this.#reader;
    reader.seek(start, end);
    while (reader.position < end) {
      if (!reader.readVarint()) return false;
      this.#pushLocation();
    }
    return reader.fault === NO_FAULT;
  }

  #pushLocation(): void {
    const row = this.#context.locationIds.rowOf(this.#reader.low, this.#reader.high);
    if (row === NO_ROW) this.#missingCount += 1;
    this.#stack[this.#stackLength++] = row;
  }

  #readValues(start: number, end: number): boolean {
    const bytes = this.#bytes;
    const reader = this.#reader;
    let position = start;
    while (position < end) {
      const first = bytes[position]!;
      if (first < 0x80) {
        position += 1;
        this.#pushValue(first, 0);
        continue;
      }
      reader.seek(position, end);
      if (!reader.readVarint()) return false;
      position = reader.position;
      this.#pushValue(reader.low, reader.high);
    }
    return true;
  }

  #pushValue(low: number, high: number): void {
    const type = this.#valueCount++;
    if (type >= this.#valueHalves.length) return;
    const halves = this.#valueHalves[type]!;
    const cell = this.#row * 2;
    halves[cell] = low;
    halves[cell + 1] = high;
  }

  /** One field in a rare encoding; answers where the next one starts, −1 when it cannot be read. */
  #readUncommon(start: number, end: number): number {
    const reader = this.#reader;
    reader.seek(start, end);
    if (!reader.nextField()) return -1;
    const { field } = reader;
    if (reader.wireType === VARINT && field <= SampleField.value) {
      if (!reader.readVarint()) return -1;
      if (field === SampleField.locationId) this.#pushLocation();
      else this.#pushValue(reader.low, reader.high);
      return reader.position;
    }
    if (reader.wireType !== LENGTH_DELIMITED || field > SampleField.label) {
      return reader.skipField() ? reader.position : -1;
    }
    const payloadEnd = reader.readPayloadEnd();
    if (payloadEnd < 0) return -1;
    const tag = (field << 3) | LENGTH_DELIMITED;
    return this.#readPayload(tag, reader.position, payloadEnd) ? payloadEnd : -1;
  }

  /** Forgets a sample that could not be read to its end. */
  #undo(start: number, stackStart: number): void {
    this.#stackLength = stackStart;
    this.#labels.undoSample();
    for (const column of this.#values) column.set(this.#row, 0, 0);
    this.#context.problems.add("WT_PROFILE_CORRUPT", start, "a sample cannot be read to its end");
  }

  #dropMissing(stackStart: number, offset: number): void {
    const stack = this.#stack;
    let kept = stackStart;
    for (let entry = stackStart; entry < this.#stackLength; entry++) {
      const row = stack[entry]!;
      if (row !== NO_ROW) stack[kept++] = row;
    }
    this.#stackLength = kept;
    const what = `${this.#missingCount} of a sample's locations`;
    this.#context.problems.add("WT_PROFILE_MISSING_REFERENCE", offset, what);
  }

  #reportValueCount(offset: number): void {
    const what = `a sample has ${this.#valueCount} values for ${this.#values.length} sample types`;
    this.#context.problems.add("WT_PROFILE_CORRUPT", offset, what);
  }

  finish(): SampleColumns {
    const count = this.#row;
    return {
      count,
      stackOffset: fitColumn(this.#stackOffset, count + 1),
      stack: fitColumn(this.#stack, this.#stackLength),
      values: this.#values.map((column) => column.toSigned(count)),
      ...this.#labels.finish(count),
    };
  }
}

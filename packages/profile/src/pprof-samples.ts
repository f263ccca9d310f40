/**
 * Second pass over a pprof file: samples become columns. This is where the time
 * goes, so the common encodings are read straight from the bytes and everything
 * else goes through {@link WireReader}.
 */
import type { IdIndex } from "./id-index.ts";
import { MessageCursor } from "./message-window.ts";
import { SampleField } from "./pprof-fields.ts";
import { LabelRows } from "./pprof-labels.ts";
import type { PprofLayout } from "./pprof-layout.ts";
import type { PprofLimits } from "./pprof-limits.ts";
import type { PprofReferences } from "./pprof-references.ts";
import { StackRows } from "./pprof-stacks.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { SampleColumns } from "./profile.ts";
import { WideColumn } from "./wide-column.ts";
import { LENGTH_DELIMITED, readShortVarint, VARINT, WireReader } from "./wire-reader.ts";

const STACK_TAG = (SampleField.locationId << 3) | LENGTH_DELIMITED;
const VALUES_TAG = (SampleField.value << 3) | LENGTH_DELIMITED;
const LABEL_TAG = (SampleField.label << 3) | LENGTH_DELIMITED;

/** What samples refer to. */
export interface SampleContext {
  readonly typeCount: number;
  readonly locationIds: IdIndex;
  readonly references: PprofReferences;
  readonly limits: PprofLimits;
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
  while (cursor.next() && rows.isWithin(context.limits, cursor.start)) {
    rows.take(cursor.start, cursor.end);
  }
  return rows.finish();
}

class SampleRows {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Last position from which four bytes can be read at once. */
  readonly #wordMax: number;
  readonly #reader: WireReader;
  readonly #problems: ProblemLog;
  readonly #references: PprofReferences;
  readonly #stacks: StackRows;
  readonly #labels: LabelRows;
  readonly #values: readonly WideColumn[];
  readonly #valueHalves: readonly Int32Array[];
  #row = 0;
  /** Values of the current sample so far. */
  #valueCount = 0;

  constructor(bytes: Uint8Array, layout: PprofLayout, context: SampleContext) {
    const { count } = layout.samples;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#wordMax = bytes.length - 4;
    this.#reader = new WireReader(bytes);
    this.#problems = context.problems;
    this.#references = context.references;
    this.#stacks = new StackRows(bytes, count, layout.stackEntriesExpected, context.locationIds);
    this.#labels = new LabelRows(bytes, count, layout.labelsExpected, context.references);
    this.#values = Array.from({ length: context.typeCount }, () => new WideColumn(count));
    this.#valueHalves = this.#values.map((column) => column.halves);
  }

  /** False, with a problem, once the samples so far have used up a limit. */
  isWithin(limits: PprofLimits, offset: number): boolean {
    if (this.#stacks.length <= limits.stackEntriesMax && this.#labels.length <= limits.labelsMax) {
      return true;
    }
    const limit = this.#labels.length > limits.labelsMax ? "labelsMax" : "stackEntriesMax";
    this.#problems.add("WT_PROFILE_LIMIT", offset, `${limit} (${limits[limit]})`);
    return false;
  }

  /** Decodes the sample message between two offsets into the next row. */
  take(start: number, end: number): void {
    this.#valueCount = 0;
    if (!this.#readFields(start, end)) {
      this.#undo(start);
      return;
    }
    const missing = this.#stacks.endSample();
    this.#labels.endSample();
    if (missing > 0) this.#references.missingLocations(missing, start);
    if (this.#valueCount !== this.#values.length) {
      const [found, wanted] = [this.#valueCount, this.#values.length];
      const what = (): string => `a sample has ${found} values for ${wanted} sample types`;
      this.#problems.add("WT_PROFILE_CORRUPT", start, what);
    }
    this.#row += 1;
  }

  #readFields(start: number, end: number): boolean {
    const bytes = this.#bytes;
    let position = start;
    while (position < end) {
      const tag = bytes[position]!;
      const isCommon = tag === STACK_TAG || tag === VALUES_TAG || tag === LABEL_TAG;
      const length = isCommon && position + 1 < end ? bytes[position + 1]! : 0x80;
      if (length >= 0x80) {
        position = this.#readUncommon(position, end);
        if (position < 0) return false;
        continue;
      }
      const payload = position + 2;
      position = payload + length;
      if (position > end || !this.#readPayload(tag, payload, position)) return false;
    }
    return true;
  }

  #readPayload(tag: number, start: number, end: number): boolean {
    if (tag === STACK_TAG) return this.#stacks.read(start, end);
    return tag === VALUES_TAG ? this.#readValues(start, end) : this.#labels.read(start, end);
  }

  #readValues(start: number, end: number): boolean {
    let position = start;
    while (position < end) {
      const short = position <= this.#wordMax ? readShortVarint(this.#view, position) : 0;
      if (short !== 0) {
        this.#pushValue(short >>> 3, 0);
        position += short & 7;
        continue;
      }
      const reader = this.#reader;
      reader.seek(position, end);
      if (!reader.readVarint()) return false;
      position = reader.position;
      this.#pushValue(reader.low, reader.high);
    }
    return position === end;
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
      if (field === SampleField.locationId) this.#stacks.push(reader.low, reader.high);
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
  #undo(start: number): void {
    this.#stacks.undoSample();
    this.#labels.undoSample();
    for (const column of this.#values) column.set(this.#row, 0, 0);
    this.#problems.add("WT_PROFILE_CORRUPT", start, "a sample cannot be read to its end");
  }

  finish(): SampleColumns {
    const count = this.#row;
    return {
      count,
      ...this.#stacks.finish(count),
      values: this.#values.map((column) => column.toSigned(count)),
      ...this.#labels.finish(count),
    };
  }
}

/** Second pass over a pprof file: locations and their (inlined) lines become columns. */
import { IdIndex, NO_ROW } from "./id-index.ts";
import { MessageCursor, type MessageWindow } from "./message-window.ts";
import { LineField, LocationField } from "./pprof-fields.ts";
import { addUnknownFunction, type FunctionTable } from "./pprof-functions.ts";
import type { MappingTable } from "./pprof-mappings.ts";
import type { PprofReferences } from "./pprof-references.ts";
import type { FunctionColumns, LocationColumns } from "./profile.ts";
import { fitColumn, WideColumn } from "./wide-column.ts";
import { LENGTH_DELIMITED, NO_FAULT, VARINT, WireReader } from "./wire-reader.ts";

export interface LocationTable {
  readonly columns: LocationColumns;
  /** As decoded, and one unknown function more when a line names none. */
  readonly functions: FunctionColumns;
  readonly ids: IdIndex;
}

/** What locations refer to. */
export interface LocationContext {
  readonly functions: FunctionTable;
  readonly mappings: MappingTable;
  readonly references: PprofReferences;
}

/** Decodes every location; a damaged one keeps what stands before the damage. */
export function decodeLocations(
  bytes: Uint8Array,
  window: MessageWindow,
  lineCount: number,
  context: LocationContext,
): LocationTable {
  const rows = new LocationRows(bytes, window.count, lineCount, context);
  const cursor = new MessageCursor(bytes, window);
  for (let row = 0; cursor.next(); row++) rows.take(row, cursor.start, cursor.end);
  return rows.finish();
}

class LocationRows {
  readonly #reader: WireReader;
  readonly #lineReader: WireReader;
  readonly #context: LocationContext;
  readonly #count: number;
  readonly #ids: WideColumn;
  readonly #address: WideColumn;
  readonly #mapping: Uint32Array;
  readonly #isFolded: Uint8Array;
  readonly #lineOffset: Uint32Array;
  readonly #lineFunction: Uint32Array;
  readonly #lineNumber: WideColumn;
  readonly #lineColumn: WideColumn;
  #lineCount = 0;
  #hasUnknownFunction = false;

  constructor(bytes: Uint8Array, count: number, lineCount: number, context: LocationContext) {
    this.#reader = new WireReader(bytes);
    this.#lineReader = new WireReader(bytes);
    this.#context = context;
    this.#count = count;
    this.#ids = new WideColumn(count);
    this.#address = new WideColumn(count);
    this.#mapping = new Uint32Array(count).fill(NO_ROW);
    this.#isFolded = new Uint8Array(count);
    this.#lineOffset = new Uint32Array(count + 1);
    this.#lineFunction = new Uint32Array(lineCount);
    this.#lineNumber = new WideColumn(lineCount);
    this.#lineColumn = new WideColumn(lineCount);
  }

  take(row: number, start: number, end: number): void {
    const reader = this.#reader;
    reader.seek(start, end);
    while (reader.nextField()) {
      if (reader.wireType === VARINT) {
        if (reader.readVarint()) this.#takeNumber(row);
      } else if (reader.wireType === LENGTH_DELIMITED && reader.field === LocationField.line) {
        const lineEnd = reader.readPayloadEnd();
        if (lineEnd < 0) break;
        this.#takeLine(reader.position, lineEnd);
        reader.position = lineEnd;
      } else reader.skipField();
    }
    if (reader.fault !== NO_FAULT) this.#context.references.damaged(reader, "a location");
    this.#lineOffset[row + 1] = this.#lineCount;
  }

  #takeNumber(row: number): void {
    const { references, mappings } = this.#context;
    const reader = this.#reader;
    const { low, high } = reader;
    if (reader.field === LocationField.id) this.#ids.set(row, low, high);
    else if (reader.field === LocationField.address) this.#address.set(row, low, high);
    else if (reader.field === LocationField.mapping) {
      this.#mapping[row] = references.row(reader, mappings.ids, "mapping");
    } else if (reader.field === LocationField.isFolded) {
      this.#isFolded[row] = (low | high) === 0 ? 0 : 1;
    }
  }

  #takeLine(start: number, end: number): void {
    const { references, functions } = this.#context;
    const line = this.#lineCount++;
    const reader = this.#lineReader;
    let functionRow = NO_ROW;
    reader.seek(start, end);
    while (reader.nextField()) {
      if (reader.wireType !== VARINT) {
        reader.skipField();
        continue;
      }
      if (!reader.readVarint()) break;
      const { field, low, high } = reader;
      if (field === LineField.function) {
        functionRow = references.row(reader, functions.ids, "function");
      } else if (field === LineField.line) this.#lineNumber.set(line, low, high);
      else if (field === LineField.column) this.#lineColumn.set(line, low, high);
    }
    if (reader.fault !== NO_FAULT) references.damaged(reader, "a line");
    if (functionRow === NO_ROW) this.#hasUnknownFunction = true;
    this.#lineFunction[line] = functionRow === NO_ROW ? functions.columns.count : functionRow;
  }

  finish(): LocationTable {
    const count = this.#count;
    const lines = this.#lineCount;
    const functions = this.#context.functions.columns;
    return {
      columns: {
        count,
        address: this.#address.toUnsigned(count),
        mapping: this.#mapping,
        isFolded: this.#isFolded,
        lineOffset: this.#lineOffset,
        lineFunction: fitColumn(this.#lineFunction, lines),
        lineNumber: this.#lineNumber.toSigned(lines),
        lineColumn: this.#lineColumn.toSigned(lines),
      },
      functions: this.#hasUnknownFunction ? addUnknownFunction(functions) : functions,
      ids: new IdIndex(this.#ids.halves),
    };
  }
}

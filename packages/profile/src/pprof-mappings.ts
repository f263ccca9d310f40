/** Second pass over a pprof file: mappings become columns. */
import { IdIndex } from "./id-index.ts";
import { MessageCursor, type MessageWindow } from "./message-window.ts";
import { MappingField } from "./pprof-fields.ts";
import type { PprofReferences } from "./pprof-references.ts";
import type { MappingColumns } from "./profile.ts";
import { WideColumn } from "./wide-column.ts";
import { NO_FAULT, VARINT, WireReader } from "./wire-reader.ts";

export interface MappingTable {
  readonly columns: MappingColumns;
  readonly ids: IdIndex;
}

/** Decodes every mapping; a damaged one keeps the fields before the damage. */
export function decodeMappings(
  bytes: Uint8Array,
  window: MessageWindow,
  references: PprofReferences,
): MappingTable {
  const rows = new MappingRows(window.count);
  const cursor = new MessageCursor(bytes, window);
  const reader = new WireReader(bytes);
  for (let row = 0; cursor.next(); row++) {
    reader.seek(cursor.start, cursor.end);
    while (reader.nextField()) {
      if (reader.wireType !== VARINT) reader.skipField();
      else if (reader.readVarint()) rows.take(row, reader, references);
    }
    if (reader.fault !== NO_FAULT) references.damaged(reader, "a mapping");
  }
  return rows.finish();
}

class MappingRows {
  readonly #count: number;
  readonly #ids: WideColumn;
  readonly #start: WideColumn;
  readonly #limit: WideColumn;
  readonly #offset: WideColumn;
  readonly #file: Uint32Array;
  readonly #buildId: Uint32Array;
  readonly #flags: Uint8Array;

  constructor(count: number) {
    this.#count = count;
    this.#ids = new WideColumn(count);
    this.#start = new WideColumn(count);
    this.#limit = new WideColumn(count);
    this.#offset = new WideColumn(count);
    this.#file = new Uint32Array(count);
    this.#buildId = new Uint32Array(count);
    this.#flags = new Uint8Array(count);
  }

  take(row: number, reader: WireReader, references: PprofReferences): void {
    const { field, low, high } = reader;
    switch (field) {
      case MappingField.id:
        return this.#ids.set(row, low, high);
      case MappingField.start:
        return this.#start.set(row, low, high);
      case MappingField.limit:
        return this.#limit.set(row, low, high);
      case MappingField.offset:
        return this.#offset.set(row, low, high);
      case MappingField.file:
        this.#file[row] = references.string(reader);
        return undefined;
      case MappingField.buildId:
        this.#buildId[row] = references.string(reader);
        return undefined;
      default:
        return this.#takeFlag(row, field, (low | high) !== 0);
    }
  }

  #takeFlag(row: number, field: number, isSet: boolean): void {
    const bit = field - MappingField.hasFunctions;
    if (bit < 0 || field > MappingField.hasInlineFrames) return;
    const others = this.#flags[row]! & ~(1 << bit);
    this.#flags[row] = isSet ? others | (1 << bit) : others;
  }

  finish(): MappingTable {
    const count = this.#count;
    const columns: MappingColumns = {
      count,
      start: this.#start.toUnsigned(count),
      limit: this.#limit.toUnsigned(count),
      offset: this.#offset.toUnsigned(count),
      file: this.#file,
      buildId: this.#buildId,
      flags: this.#flags,
    };
    return { columns, ids: new IdIndex(this.#ids.halves) };
  }
}

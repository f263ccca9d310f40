/** Second pass over a pprof file: functions become columns. */
import { IdIndex } from "./id-index.ts";
import { MessageCursor, type MessageWindow } from "./message-window.ts";
import { FunctionField } from "./pprof-fields.ts";
import type { PprofReferences } from "./pprof-references.ts";
import type { FunctionColumns } from "./profile.ts";
import { WideColumn } from "./wide-column.ts";
import { NO_FAULT, VARINT, WireReader } from "./wire-reader.ts";

export interface FunctionTable {
  readonly columns: FunctionColumns;
  readonly ids: IdIndex;
}

/** Decodes every function; a damaged one keeps the fields before the damage. */
export function decodeFunctions(
  bytes: Uint8Array,
  window: MessageWindow,
  references: PprofReferences,
): FunctionTable {
  const { count } = window;
  const ids = new WideColumn(count);
  const name = new Uint32Array(count);
  const systemName = new Uint32Array(count);
  const file = new Uint32Array(count);
  const startLine = new WideColumn(count);
  const cursor = new MessageCursor(bytes, window);
  const reader = new WireReader(bytes);
  for (let row = 0; cursor.next(); row++) {
    reader.seek(cursor.start, cursor.end);
    while (reader.nextField()) {
      if (reader.wireType !== VARINT) {
        reader.skipField();
        continue;
      }
      if (!reader.readVarint()) break;
      const { field, low, high } = reader;
      if (field === FunctionField.id) ids.set(row, low, high);
      else if (field === FunctionField.name) name[row] = references.string(reader);
      else if (field === FunctionField.systemName) systemName[row] = references.string(reader);
      else if (field === FunctionField.file) file[row] = references.string(reader);
      else if (field === FunctionField.startLine) startLine.set(row, low, high);
    }
    if (reader.fault !== NO_FAULT) references.damaged(reader, "a function");
  }
  return {
    columns: { count, name, systemName, file, startLine: startLine.toSigned(count) },
    ids: new IdIndex(ids.halves),
  };
}

/** The same functions and one more without a name, for lines that name no function. */
export function addUnknownFunction(functions: FunctionColumns): FunctionColumns {
  const count = functions.count + 1;
  const widened = (column: Uint32Array): Uint32Array => {
    const wide = new Uint32Array(count);
    wide.set(column);
    return wide;
  };
  const startLine = new BigInt64Array(count);
  startLine.set(functions.startLine);
  return {
    count,
    name: widened(functions.name),
    systemName: widened(functions.systemName),
    file: widened(functions.file),
    startLine,
  };
}

/**
 * Execution traces of Go 1.19 to 1.21: one stream of events, in batches by processor, with strings and stacks between
 * them. Format: Go 1.21's `internal/trace/parser.go`.
 */
import { SpawnLedger, type StackRow } from "./spawn-trace.ts";
import { TraceCursor } from "./trace-cursor.ts";

const BATCH = 1;
const STACK = 3;
const GO_CREATE = 13;
const GO_START = 14;
const GO_END = 15;
const GO_BLOCK_LAST = 27;
const GO_STOPS: ReadonlySet<number> = new Set([
  GO_END,
  16,
  17,
  18,
  19,
  20,
  22,
  23,
  24,
  25,
  26,
  GO_BLOCK_LAST,
  42,
]);
const STRING = 37;
const GO_START_LOCAL = 38;
const GO_START_LABEL = 41;
const USER_LOG = 48;
const EVENT_LAST = 49;

/** An event with more numbers than these has its length in bytes in front. */
const INLINE_ARGUMENTS = 4;

/** Decodes what follows the header; stops where the bytes end or make no sense. Returns where that is. */
export function decodeProcessorBatches(
  bytes: Uint8Array,
  start: number,
  ledger: SpawnLedger,
): number {
  const cursor = new TraceCursor(bytes, start, bytes.length);
  const decoder = new TextDecoder();
  const running = new Map<number, number>();
  let processor = 0;
  while (!cursor.isAtEnd) {
    const at = cursor.offset;
    const head = cursor.byte();
    const type = head & 0x3f;
    if (type === 0 || type > EVENT_LAST) return at;
    if (type === STRING) {
      const id = cursor.varint();
      const text = decoder.decode(cursor.take(cursor.varint()));
      if (cursor.isPastEnd) return at;
      ledger.addString(0, id, text);
      continue;
    }
    const values = readArguments(cursor, head >> 6);
    if (type === USER_LOG) cursor.take(cursor.varint());
    if (cursor.isPastEnd) return at;
    const [first = 0, id = 0, , stack = 0] = values;
    if (type === BATCH) processor = first;
    else if (type === STACK) ledger.addStack(0, first, rowsOf(values));
    else if (type === GO_CREATE) ledger.addSpawn(id, running.get(processor), 0, stack);
    else if (type === GO_START || type === GO_START_LOCAL || type === GO_START_LABEL)
      running.set(processor, id);
    else if (GO_STOPS.has(type)) running.delete(processor);
  }
  return cursor.offset;
}

function readArguments(cursor: TraceCursor, coded: number): readonly number[] {
  const values: number[] = [];
  if (coded + 1 < INLINE_ARGUMENTS) {
    for (let at = 0; at <= coded; at++) values.push(cursor.varint());
    return values;
  }
  const length = cursor.varint();
  const end = cursor.offset + length;
  while (cursor.offset < end && !cursor.isPastEnd) values.push(cursor.varint());
  return values;
}

/** `[id, count, ...(address, function, file, line)]` */
function rowsOf(values: readonly number[]): readonly StackRow[] {
  const rows: StackRow[] = [];
  for (let at = 2; at + 3 < values.length; at += 4)
    rows.push([values[at + 1] as number, values[at + 2] as number, values[at + 3] as number]);
  return rows;
}

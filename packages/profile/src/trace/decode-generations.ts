/**
 * Execution traces of Go 1.22 and later: batches of events by thread, in generations that have tables of strings
 * and of stacks each. Format: Go's `internal/trace/tracev2/events.go` and `internal/trace/batch.go`.
 */
import { SpawnLedger, type StackRow } from "./spawn-trace.ts";
import { TraceCursor } from "./trace-cursor.ts";

const EVENT_BATCH = 1;
const STACKS = 2;
const STACK = 3;
const STRINGS = 4;
const STRING = 5;
const GO_CREATE = 14;
const GO_START = 16;
const GO_DESTROY = 17;
const GO_STOP = 19;
const GO_BLOCK = 20;
const GO_STATUS = 25;
const GO_SWITCH = 45;
const GO_SWITCH_DESTROY = 46;
const GO_CREATE_BLOCKED = 47;
const GO_STATUS_STACK = 48;
const EXPERIMENTAL_BATCH = 49;
const END_OF_GENERATION = 52;
const STATUS_RUNNING = 2;

/** Largest batch that the runtime writes. */
const BATCH_BYTES_MAX = 64 << 10;
const FRAMES_MAX = 1024;

/** How many numbers follow each kind of event, from number 9 on. 0: no event of a thread's batch. */
const ARGUMENTS: readonly number[] = [
  [3, 3, 1, 4, 3], // processors
  [4, 2, 3, 1, 1, 3, 3, 4, 3, 1, 1, 4], // goroutines
  [3, 1], // stops of the world
  [2, 3, 2, 2, 2, 3, 2, 2, 1, 2, 2], // the garbage collector
  [2, 5, 3, 4, 4, 5], // annotations
  [3, 3, 4, 5, 0, 0, 4], // since Go 1.23
].flat();
const FIRST_COUNTED = 9;

/** Decodes what follows the header; stops where the bytes end or make no sense. Returns where that is. */
export function decodeGenerations(bytes: Uint8Array, start: number, ledger: SpawnLedger): number {
  const running = new Map<number, number>();
  let offset = start;
  while (offset < bytes.length) {
    const cursor = new TraceCursor(bytes, offset, bytes.length);
    const type = cursor.byte();
    if (type === END_OF_GENERATION) {
      offset = cursor.offset;
      continue;
    }
    if (type !== EVENT_BATCH && type !== EXPERIMENTAL_BATCH) return offset;
    if (type === EXPERIMENTAL_BATCH) cursor.byte();
    const generation = cursor.varint();
    const thread = cursor.varint();
    cursor.varint();
    const size = cursor.varint();
    const end = cursor.offset + size;
    if (cursor.isPastEnd || size > BATCH_BYTES_MAX || end > bytes.length) return offset;
    if (type === EVENT_BATCH) {
      const batch = new TraceCursor(bytes, cursor.offset, end);
      readBatch(batch, { generation, thread, running, ledger });
    }
    offset = end;
  }
  return offset;
}

interface BatchContext {
  readonly generation: number;
  readonly thread: number;
  /** The goroutine that runs on each thread. */
  readonly running: Map<number, number>;
  readonly ledger: SpawnLedger;
}

function readBatch(batch: TraceCursor, context: BatchContext): void {
  const first = batch.byte();
  if (first === STACKS) readStacks(batch, context);
  else if (first === STRINGS) readStrings(batch, context);
  else {
    batch.offset--;
    readEvents(batch, context);
  }
}

function readStacks(batch: TraceCursor, { generation, ledger }: BatchContext): void {
  while (!batch.isAtEnd && batch.byte() === STACK) {
    const id = batch.varint();
    const count = batch.varint();
    if (count > FRAMES_MAX) return;
    const rows: StackRow[] = [];
    for (let frame = 0; frame < count; frame++) {
      batch.varint();
      rows.push([batch.varint(), batch.varint(), batch.varint()]);
    }
    if (!batch.isPastEnd) ledger.addStack(generation, id, rows);
  }
}

function readStrings(batch: TraceCursor, { generation, ledger }: BatchContext): void {
  const decoder = new TextDecoder();
  while (!batch.isAtEnd && batch.byte() === STRING) {
    const id = batch.varint();
    const text = decoder.decode(batch.take(batch.varint()));
    if (!batch.isPastEnd) ledger.addString(generation, id, text);
  }
}

function readEvents(batch: TraceCursor, context: BatchContext): void {
  const { generation, thread, running, ledger } = context;
  while (!batch.isAtEnd) {
    const type = batch.byte();
    const count = ARGUMENTS[type - FIRST_COUNTED] ?? 0;
    if (count === 0) return;
    const values = [0, 0, 0, 0, 0].map((_, at) => (at < count ? batch.varint() : 0));
    if (batch.isPastEnd) return;
    const [, id = 0, second = 0, third = 0] = values;
    if (type === GO_CREATE || type === GO_CREATE_BLOCKED)
      ledger.addSpawn(id, running.get(thread), generation, third);
    else if (type === GO_START || type === GO_SWITCH || type === GO_SWITCH_DESTROY)
      running.set(thread, id);
    else if (type === GO_DESTROY || type === GO_STOP || type === GO_BLOCK) running.delete(thread);
    else if ((type === GO_STATUS || type === GO_STATUS_STACK) && third === STATUS_RUNNING)
      running.set(second, id);
  }
}

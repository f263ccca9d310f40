/**
 * Where an async generator waits. The last await that begins while its code runs is its own, be
 * it an `await` or a `yield`: whatever it called before that has returned.
 */
import type { Trace } from "../trace.ts";

/** What a slice tells its place to: the record of a generator. */
interface Sliced {
  trace: Trace | undefined;
}

/** An await that may turn out to be a generator's own. */
export interface SliceAwait {
  readonly trace: Trace | undefined;
  generator: Sliced | undefined;
}

interface Slice {
  readonly generator: Sliced;
  last: SliceAwait | undefined;
}

let current: Slice | undefined;

/** The code of a generator runs from here. @returns ends that */
export function enterSlice(generator: Sliced): () => void {
  const outer = current;
  current = { generator, last: undefined };
  return () => {
    closeSlice();
    current = outer;
  };
}

/** An await began. */
export function noteInSlice(record: SliceAwait): void {
  if (current !== undefined) current.last = record;
}

/** The code after an await goes on: if that is a generator's, so does its slice. */
export function continueSlice(record: SliceAwait | undefined): void {
  if (current !== undefined) closeSlice();
  const generator = record?.generator;
  current = generator === undefined ? undefined : { generator, last: undefined };
}

function closeSlice(): void {
  const last = current?.last;
  if (current === undefined || last === undefined) return;
  last.generator = current.generator;
  if (last.trace !== undefined) current.generator.trace = last.trace;
}

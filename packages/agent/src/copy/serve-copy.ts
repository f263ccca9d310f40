/**
 * What a copy does with its life: it writes the snapshot of its heap, answers what the inspector
 * is asked about it, and ends. Nothing else of the service goes on in it: no event loop turns.
 */
import { closeSync, readSync, writeSync } from "node:fs";
import type { Session } from "node:inspector";
import { writeHeapSnapshot } from "node:v8";
import type { NativeCopy } from "./native-copy.ts";

/** The copy's ends of the channels. */
export interface CopyEnds {
  readonly snapshot: number;
  readonly questions: number;
}

/** A call of the inspector, one a line, and what it comes to. */
export interface CopyQuestion {
  readonly method: string;
  readonly params: object;
}
export type CopyAnswer = { readonly result: unknown } | { readonly error: string };

/** Serves, in the copy, until nobody asks any more. */
export function serveCopy(native: NativeCopy, session: Session, ends: CopyEnds): never {
  try {
    writeHeapSnapshot(`/proc/self/fd/${ends.snapshot}`);
    closeSync(ends.snapshot);
    for (const line of readLines(ends.questions)) {
      const answer = answerNow(session, JSON.parse(line) as CopyQuestion);
      writeAll(ends.questions, Buffer.from(`${JSON.stringify(answer)}\n`));
    }
  } catch {
    // Whoever reads sees the channels end too early.
  } finally {
    native.end();
  }
}

/** In its own thread the inspector answers before the call returns. */
function answerNow(session: Session, { method, params }: CopyQuestion): CopyAnswer {
  let answer: CopyAnswer = { error: `${method} was not answered` };
  session.post(method, params, (error, result) => {
    answer = error ? { error: error.message } : { result };
  });
  return answer;
}

const READ_BYTES = 64 * 1024;

function* readLines(file: number): Generator<string> {
  const bytes = Buffer.alloc(READ_BYTES);
  let rest = "";
  for (;;) {
    const read = readSync(file, bytes);
    if (read === 0) return;
    const lines = (rest + bytes.toString("utf8", 0, read)).split("\n");
    rest = lines.pop() as string;
    yield* lines;
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

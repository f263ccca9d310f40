/** Whether the last goroutine of an input is whole. Nothing marks its end but the end of the input. */
import { NEWLINE, readText } from "./goroutine-bytes.ts";
import { GoroutineHeader } from "./goroutine-header.ts";
import {
  ANCESTORS,
  BROKEN,
  CREATED,
  CUT,
  FOREIGN_LINE,
  NEXT_HEADER,
  type StackEntry,
  UNAVAILABLE,
} from "./goroutine-stack-entry.ts";

/** Functions in which goroutines begin that no `go` statement started. */
const ROOT_FUNCTION = /^(?:main\.main|runtime\.\w+|_cgoexp_.*|.*\.init(?:\.\d+)?)\($/;
/** A file line that was cut no earlier than inside of its pc offset has lost nothing. */
const PLACE_IS_WHOLE = /:\d+ (?:\+0x[0-9a-f]+|.*pc=0x[0-9a-f]+)$/;

/**
 * A goroutine is whole when its stack goes down to a creator; or, for the few that have none,
 * to a function where goroutines begin. A missing last newline (pasted text) is forgiven where
 * the last line is whole without it.
 */
export function isWholeTail(rest: Uint8Array, entry: StackEntry): boolean {
  const closed = rest.at(-1) === NEWLINE ? rest : closeLastLine(rest);
  if (closed === undefined) return false;
  const header = new GoroutineHeader();
  let position = header.read(closed, 0, closed.length);
  if (position < 0) return false;
  let root = "";
  while (position < closed.length) {
    if (closed[position] === NEWLINE) break;
    const outcome = entry.read(closed, position, closed.length);
    if (outcome === CUT) return false;
    if (outcome === BROKEN || outcome === ANCESTORS || outcome === NEXT_HEADER) return true;
    if (outcome !== FOREIGN_LINE) {
      if (entry.kind === CREATED) return true;
      const { headStart, headLength } = entry;
      root = entry.kind === UNAVAILABLE ? "" : readText(closed, headStart, headStart + headLength);
    }
    position = entry.next;
  }
  return ROOT_FUNCTION.test(root);
}

function closeLastLine(rest: Uint8Array): Uint8Array | undefined {
  const lineStart = rest.lastIndexOf(NEWLINE) + 1;
  if (!PLACE_IS_WHOLE.test(readText(rest, lineStart, rest.length))) return undefined;
  const closed = new Uint8Array(rest.length + 1).fill(NEWLINE);
  closed.set(rest);
  return closed;
}

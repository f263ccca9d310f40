/**
 * What an execution trace (`/debug/pprof/trace`) says about who started which goroutine: at every `go` statement
 * the runtime writes the whole stack that executed it. A goroutine's own dump keeps only the innermost frame of it,
 * which may be a library's.
 */
import type { Frame } from "../goroutine-dump.ts";
import type { ProfileProblem } from "../errors.ts";

/** One `go` statement that ran while the trace was taken. */
export interface Spawn {
  /** The goroutine that was started. */
  readonly id: number;
  /** The goroutine that started it; undefined when the trace does not tell. */
  readonly parentId: number | undefined;
  /** Stack at the `go` statement, leaf first. Frames are shared between spawns. */
  readonly frames: readonly Frame[];
}

/** The `go` statements of a trace, in the order in which they are written. */
export interface SpawnTrace {
  /** As in the header, e.g. `1.22`. */
  readonly version: string;
  readonly spawns: readonly Spawn[];
  readonly problems: readonly ProfileProblem[];
}

/** Collects spawns whose stacks may be written later than they are. */
export class SpawnLedger {
  readonly #pending: { id: number; parentId: number | undefined; stack: string }[] = [];
  readonly #stacks = new Map<string, readonly StackRow[]>();
  readonly #strings = new Map<string, string>();
  readonly #frames = new Map<string, Frame>();

  /** @param scope what the stack's and the strings' numbers are counted in: a generation */
  addSpawn(id: number, parentId: number | undefined, scope: number, stack: number): void {
    this.#pending.push({ id, parentId, stack: `${scope}:${stack}` });
  }

  addStack(scope: number, id: number, rows: readonly StackRow[]): void {
    this.#stacks.set(`${scope}:${id}`, rows);
  }

  addString(scope: number, id: number, text: string): void {
    this.#strings.set(`${scope}:${id}`, text);
  }

  finish(): readonly Spawn[] {
    return this.#pending.map(({ id, parentId, stack }) => {
      const scope = stack.slice(0, stack.indexOf(":"));
      const rows = this.#stacks.get(stack) ?? [];
      return { id, parentId, frames: rows.map((row) => this.#frameOf(scope, row)) };
    });
  }

  #frameOf(scope: string, [functionId, fileId, line]: StackRow): Frame {
    const key = `${scope}:${functionId}:${fileId}:${line}`;
    const known = this.#frames.get(key);
    if (known !== undefined) return known;
    const frame = {
      function: this.#strings.get(`${scope}:${functionId}`) ?? "",
      file: this.#strings.get(`${scope}:${fileId}`) ?? "",
      line,
    };
    this.#frames.set(key, frame);
    return frame;
  }
}

/** String number of the function, string number of the file, line. */
export type StackRow = readonly [functionId: number, fileId: number, line: number];

/** Gives every distinct function one row, across profiles. */
import type { FrameTable } from "./call-tree.ts";

/**
 * Two frames are one function when their names agree. A Go name carries its package path, so
 * its file is left out: it differs between the machines that built two versions. Elsewhere
 * (`parse`, `(anonymous)`) the file tells functions apart.
 */
export function functionIdentity(name: string, file: string): string {
  return file === "" || file.endsWith(".go") ? name : `${name}\n${file}`;
}

/** A growing {@link FrameTable}. */
export class FrameInterner {
  readonly #rows = new Map<string, number>();
  readonly #names: string[] = [""];
  readonly #files: string[] = [""];

  /** Row of the function, added when new. */
  rowOf(name: string, file: string): number {
    const identity = functionIdentity(name, file);
    const known = this.#rows.get(identity);
    if (known !== undefined) return known;
    const row = this.#names.length;
    this.#rows.set(identity, row);
    this.#names.push(name);
    this.#files.push(file);
    return row;
  }

  /** Rows of another table's functions, by that table's rows. Row 0 stays row 0. */
  adopt(frames: FrameTable): Uint32Array {
    const rows = new Uint32Array(frames.count);
    for (let row = 1; row < frames.count; row++) {
      rows[row] = this.rowOf(frames.name[row]!, frames.file[row]!);
    }
    return rows;
  }

  /** The table so far. */
  finish(): FrameTable {
    return { count: this.#names.length, name: this.#names, file: this.#files };
  }
}

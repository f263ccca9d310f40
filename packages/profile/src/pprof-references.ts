/** Checks the indexes and ids that one part of a pprof file holds of another. */
import type { IdIndex } from "./id-index.ts";
import { NO_ROW } from "./id-index.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { WireReader } from "./wire-reader.ts";

export class PprofReferences {
  /** Strings in the table. */
  readonly stringCount: number;
  readonly #problems: ProblemLog;

  constructor(stringCount: number, problems: ProblemLog) {
    this.stringCount = stringCount;
    this.#problems = problems;
  }

  /** The string index that `reader` has just read, or 0 with a problem. */
  string(reader: WireReader): number {
    const index = reader.low >>> 0;
    if (reader.high === 0 && index < this.stringCount) return index;
    return this.missingString(reader.unsignedNumber(), reader.position);
  }

  /** Logs a string that is not there, and answers the empty one. */
  missingString(index: number, offset: number): 0 {
    this.#problems.add("WT_PROFILE_MISSING_REFERENCE", offset, () => `string ${index}`);
    return 0;
  }

  /** The row whose id `reader` has just read; {@link NO_ROW} for id 0, and with a problem when it is missing. */
  row(reader: WireReader, ids: IdIndex, what: string): number {
    const { low, high } = reader;
    const row = ids.rowOf(low, high);
    if (row === NO_ROW && (low | high) !== 0) {
      const id = BigInt.asUintN(64, reader.signedBigInt());
      this.#problems.add("WT_PROFILE_MISSING_REFERENCE", reader.position, `${what} ${id}`);
    }
    return row;
  }

  /** Logs why `reader` stopped in the middle of a message. */
  damaged(reader: WireReader, what: string): void {
    this.#problems.add("WT_PROFILE_CORRUPT", reader.fault, `${what} cannot be read to its end`);
  }
}

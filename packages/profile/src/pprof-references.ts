/** Checks the indexes and ids that one part of a pprof file holds of another. */
import type { IdIndex } from "./id-index.ts";
import { NO_ROW } from "./id-index.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { WireReader } from "./wire-reader.ts";

/** What can be missing. */
type Referenced = "string" | "function" | "mapping" | "location";

export interface ReferenceContext {
  /** Strings in the table. */
  readonly stringCount: number;
  /** True when part of the file was left out: what is missing then is told once of each kind. */
  readonly isPartial: boolean;
  readonly problems: ProblemLog;
}

export class PprofReferences {
  /** Strings in the table. */
  readonly stringCount: number;
  readonly #isPartial: boolean;
  readonly #problems: ProblemLog;
  readonly #told = new Set<Referenced>();

  constructor({ stringCount, isPartial, problems }: ReferenceContext) {
    this.stringCount = stringCount;
    this.#isPartial = isPartial;
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
    this.#logMissing("string", offset, () => `string ${index}`);
    return 0;
  }

  /** Logs a sample that refers to locations that are not there. */
  missingLocations(count: number, offset: number): void {
    this.#logMissing("location", offset, () => `${count} of a sample's locations`);
  }

  /** The row whose id `reader` has just read; {@link NO_ROW} for id 0, and with a problem when it is missing. */
  row(reader: WireReader, ids: IdIndex, kind: "function" | "mapping"): number {
    const { low, high } = reader;
    const row = ids.rowOf(low, high);
    if (row === NO_ROW && (low | high) !== 0) {
      const id = BigInt.asUintN(64, reader.signedBigInt());
      this.#logMissing(kind, reader.position, () => `${kind} ${id}`);
    }
    return row;
  }

  /** Logs why `reader` stopped in the middle of a message. */
  damaged(reader: WireReader, what: string): void {
    this.#problems.add(
      "WT_PROFILE_CORRUPT",
      reader.fault,
      () => `${what} cannot be read to its end`,
    );
  }

  #logMissing(kind: Referenced, offset: number, what: () => string): void {
    if (this.#isPartial && this.#told.has(kind)) return;
    this.#told.add(kind);
    this.#problems.add("WT_PROFILE_MISSING_REFERENCE", offset, what);
  }
}

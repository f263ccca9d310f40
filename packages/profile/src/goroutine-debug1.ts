/**
 * Reads `debug=1` text: how many goroutines at each stack, without their states.
 *
 *     goroutine profile: total 7
 *     4 @ 0x47b2ae 0x40c7d2
 *     # labels: {"handler":"/orders"}
 *     #	0x40c7d1	main.worker+0x31	/src/main.go:12
 *
 * A blank line ends each record. Columns are tab-separated and may be padded. The format is
 * that of `printCountProfile` in `runtime/pprof`.
 */
import { lineEndAt, readText } from "./goroutine-bytes.ts";
import type { Frame, GoroutineGroup } from "./goroutine-dump.ts";
import { parseLabels, LabelSets } from "./goroutine-labels.ts";
import type { GoroutineTextLimits } from "./goroutine-limits.ts";
import { orderGroups } from "./goroutine-tally.ts";
import type { BlockReader } from "./goroutine-text-staging.ts";
import type { ProblemLog } from "./problem-log.ts";

const TOTAL_LINE = /^goroutine(leak)? profile: total (\d+)$/;
const RECORD_LINE = /^(\d+) @((?: 0x[0-9a-f]+)*)$/;
const LABELS_LINE = /^#\s+labels: \{(.*)\}$/;
const FRAME_LINE = /^#\s+0x[0-9a-f]+(?:\s+(\S.*?)(?:\+0x[0-9a-f]+)?\s+(\S.*):(\d+)\s*)?$/;

interface StackCount {
  count: number;
  readonly frames: readonly Frame[];
  readonly elidedFrames: number;
  readonly labelSet: number;
}

interface OpenRecord {
  readonly count: number;
  readonly offset: number;
  readonly frameNumbers: number[];
  elidedFrames: number;
  labelSet: number;
}

/** One group of a format that has only counts. */
export function countedGroup(
  count: number,
  state: string,
  frames: readonly Frame[],
  labels: Readonly<Record<string, string>>,
  elidedFrames = 0,
): GoroutineGroup {
  return {
    count,
    state,
    frames,
    elidedFrames,
    createdBy: undefined,
    labels,
    ids: new Float64Array(0),
    age: { minMinutes: 0, maxMinutes: 0, stamped: 0 },
    leaked: 0,
    lockedToThread: 0,
    bubbled: 0,
    creatorCount: 0,
    witnesses: [],
  };
}

export class GoroutineDebug1Reader implements BlockReader {
  readonly #limits: GoroutineTextLimits;
  readonly #problems: ProblemLog;
  readonly #labels: LabelSets;
  readonly #stacks = new Map<string, StackCount>();
  readonly #frames: Frame[] = [];
  readonly #frameNumbers = new Map<string, number>();
  #frameCharacters = 0;
  #total = 0;
  #met = 0;
  #isLeakProfile = false;
  #record: OpenRecord | undefined;
  /** The record at hand is damaged: lines are passed over up to the next one. */
  #isPassing = false;
  #isMidLine = false;
  #isTruncated = false;

  constructor(limits: GoroutineTextLimits, problems: ProblemLog) {
    this.#limits = limits;
    this.#problems = problems;
    this.#labels = new LabelSets(limits, problems);
  }

  get isLeakProfile(): boolean {
    return this.#isLeakProfile;
  }

  /** As the first line says; at least what was met. */
  get total(): number {
    return Math.max(this.#total, this.#met);
  }

  get isTruncated(): boolean {
    return this.#isTruncated;
  }

  read(bytes: Uint8Array, _view: DataView, start: number, base: number): number {
    let position = start;
    while (position < bytes.length) {
      const lineEnd = lineEndAt(bytes, position, bytes.length);
      if (this.#isMidLine) {
        this.#isMidLine = lineEnd === bytes.length;
        position = Math.min(bytes.length, lineEnd + 1);
        continue;
      }
      if (lineEnd === bytes.length) return position;
      if (lineEnd - position > this.#limits.lineBytesMax) {
        this.#passOver(
          "WT_PROFILE_LIMIT",
          base + position,
          `lineBytesMax (${this.#limits.lineBytesMax})`,
        );
      } else {
        this.#readLine(readText(bytes, position, lineEnd), base + position);
      }
      position = lineEnd + 1;
    }
    return position;
  }

  abandon(offset: number): void {
    this.#isMidLine = true;
    this.#passOver("WT_PROFILE_LIMIT", offset, `lineBytesMax (${this.#limits.lineBytesMax})`);
  }

  /** Every record ends with a blank line, so what has none was cut. */
  finish(rest: Uint8Array, offset: number): void {
    const cutAt = this.#record?.offset ?? (rest.length > 0 ? offset : undefined);
    const isShort = this.#met < this.#total;
    this.#isTruncated = cutAt !== undefined || isShort;
    this.#record = undefined;
    if (cutAt !== undefined) this.#problems.add("WT_PROFILE_TRUNCATED", cutAt, "a stack");
    else if (isShort) this.#problems.add("WT_PROFILE_TRUNCATED", offset, "the list of stacks");
  }

  /** Groups, ordered, and the goroutines in them. */
  close(): { readonly groups: readonly GoroutineGroup[]; readonly covered: number } {
    const merged = new Map<string, GoroutineGroup>();
    let covered = 0;
    for (const [key, stack] of this.#stacks) {
      const labels = this.#labels.labels(stack.labelSet);
      const merge = `${key.slice(0, key.indexOf("@"))}${JSON.stringify(labels)}`;
      const count = stack.count + (merged.get(merge)?.count ?? 0);
      merged.set(merge, countedGroup(count, "", stack.frames, labels, stack.elidedFrames));
      covered += stack.count;
    }
    return { groups: orderGroups([...merged.values()]), covered };
  }

  #readLine(line: string, offset: number): void {
    if (line === "") {
      this.#closeRecord();
      return;
    }
    const record = RECORD_LINE.exec(line);
    if (record !== null) {
      if (this.#record !== undefined) this.#damaged(this.#record.offset, "a stack without an end");
      const count = Number(record[1]);
      this.#met += count;
      this.#isPassing = false;
      this.#record = { count, offset, frameNumbers: [], elidedFrames: 0, labelSet: 0 };
      return;
    }
    if (this.#isPassing) return;
    const total = TOTAL_LINE.exec(line);
    if (total !== null && this.#record === undefined) {
      this.#isLeakProfile = total[1] === "leak";
      this.#total += Number(total[2]);
      return;
    }
    if (this.#record === undefined) return;
    if (!this.#readRecordLine(line, this.#record, offset)) {
      this.#passOver("WT_PROFILE_CORRUPT", offset, "a line of a stack");
    }
  }

  #readRecordLine(line: string, record: OpenRecord, offset: number): boolean {
    const labels = LABELS_LINE.exec(line);
    if (labels !== null) {
      record.labelSet = this.#labels.add(parseLabels(labels[1] as string), offset);
      return record.labelSet >= 0;
    }
    const frame = FRAME_LINE.exec(line);
    if (frame === null) return false;
    const number = this.#numberFrame(frame);
    if (number >= 0 && record.frameNumbers.length < this.#limits.framesMax) {
      record.frameNumbers.push(number);
    } else {
      record.elidedFrames += 1;
    }
    return true;
  }

  /** A pc without a function (`#	0x12`) is a frame without a name. -1 at `frameBytesMax`. */
  #numberFrame(columns: RegExpExecArray): number {
    const [, name = "", file = "", lineNumber = "0"] = columns;
    const key = `${name}\t${file}:${lineNumber}`;
    const known = this.#frameNumbers.get(key);
    if (known !== undefined) return known;
    this.#frameCharacters += key.length;
    if (this.#frameCharacters > this.#limits.frameBytesMax) return -1;
    const number = this.#frames.push({ function: name, file, line: Number(lineNumber) }) - 1;
    this.#frameNumbers.set(key, number);
    return number;
  }

  #closeRecord(): void {
    const record = this.#record;
    this.#record = undefined;
    if (record === undefined) return;
    const key = `${record.frameNumbers.join(",")}@${record.labelSet}`;
    const known = this.#stacks.get(key);
    if (known !== undefined) {
      known.count += record.count;
      return;
    }
    const isFull = this.#stacks.size >= this.#limits.groupsMax;
    if (isFull) this.#addOverflow(record);
    else this.#addStack(key, record);
  }

  #addStack(key: string, record: OpenRecord): void {
    this.#stacks.set(key, {
      count: record.count,
      frames: record.frameNumbers.map((number) => this.#frames[number] as Frame),
      elidedFrames: record.elidedFrames,
      labelSet: record.labelSet,
    });
  }

  #addOverflow(record: OpenRecord): void {
    const overflow = this.#stacks.get("@0");
    if (overflow !== undefined) {
      overflow.count += record.count;
      return;
    }
    const what = `groupsMax (${this.#limits.groupsMax}), so that further stacks are one group`;
    this.#problems.add("WT_PROFILE_LIMIT", record.offset, what);
    this.#stacks.set("@0", { count: record.count, frames: [], elidedFrames: 0, labelSet: 0 });
  }

  #damaged(offset: number, what: string): void {
    this.#record = undefined;
    this.#problems.add("WT_PROFILE_CORRUPT", offset, what);
  }

  /** Leaves the record at hand out and everything up to the next one. */
  #passOver(code: "WT_PROFILE_LIMIT" | "WT_PROFILE_CORRUPT", offset: number, what: string): void {
    if (this.#record === undefined && this.#isPassing) return;
    this.#record = undefined;
    this.#isPassing = true;
    this.#problems.add(code, offset, what);
  }
}

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
import { countedGroup } from "./goroutine-counted-group.ts";
import type { Frame, GoroutineGroup } from "./goroutine-dump.ts";
import { LabelSets } from "./goroutine-label-sets.ts";
import { parseLabels } from "./goroutine-labels.ts";
import type { GoroutineTextLimits } from "./goroutine-limits.ts";
import { hideRuntimeFrames, shownName } from "./goroutine-shown-frames.ts";
import { orderGroups } from "./goroutine-tally.ts";
import type { BlockReader } from "./goroutine-text-staging.ts";
import type { ProblemLog } from "./problem-log.ts";

const TOTAL_LINE = /^goroutine(leak)? profile: total (\d+)$/;
const RECORD_LINE = /^(\d+) @((?: 0x[0-9a-f]+)*)$/;
const LABELS_LINE = /^#\s+labels: \{(.*)\}$/;
const PC = /^0x[0-9a-f]+$/;

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
      const leaked = this.#isLeakProfile ? count : 0;
      const { frames, elidedFrames } = stack;
      merged.set(merge, countedGroup({ count, state: "", frames, labels, elidedFrames, leaked }));
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
    const frame = readFrame(line);
    if (frame === undefined) return false;
    const number = this.#numberFrame(frame);
    if (number >= 0 && record.frameNumbers.length < this.#limits.framesMax) {
      record.frameNumbers.push(number);
    } else {
      record.elidedFrames += 1;
    }
    return true;
  }

  /** -1 at `frameBytesMax`. */
  #numberFrame(frame: Frame): number {
    const key = `${frame.function}\t${frame.file}:${frame.line}`;
    const known = this.#frameNumbers.get(key);
    if (known !== undefined) return known;
    this.#frameCharacters += key.length;
    if (this.#frameCharacters > this.#limits.frameBytesMax) return -1;
    const number = this.#frames.push(frame) - 1;
    this.#frameNumbers.set(key, number);
    return number;
  }

  #closeRecord(): void {
    const record = this.#record;
    this.#record = undefined;
    if (record === undefined) return;
    const numbers = this.#showFrames(record.frameNumbers);
    const key = `${numbers.join(",")}@${record.labelSet}`;
    const known = this.#stacks.get(key);
    if (known !== undefined) {
      known.count += record.count;
      return;
    }
    const isFull = this.#stacks.size >= this.#limits.groupsMax;
    if (isFull) this.#addOverflow(record);
    else this.#addStack(key, numbers, record);
  }

  #showFrames(numbers: readonly number[]): readonly number[] {
    const frames = numbers.map((number) => this.#frames[number] as Frame);
    return hideRuntimeFrames(frames)?.map((place) => numbers[place] as number) ?? numbers;
  }

  #addStack(key: string, numbers: readonly number[], record: OpenRecord): void {
    this.#stacks.set(key, {
      count: record.count,
      frames: numbers.map((number) => showName(this.#frames[number] as Frame)),
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

function showName(frame: Frame): Frame {
  const name = shownName(frame.function);
  return name === frame.function ? frame : { ...frame, function: name };
}

/**
 * `#	0x40c7d1	main.worker+0x31	/src/main.go:12`, columns padded or missing; a pc without a
 * function is a frame without a name. Undefined when the line is none.
 */
function readFrame(line: string): Frame | undefined {
  if (!line.startsWith("#")) return undefined;
  const [pc, symbol = "", place = ""] = line
    .slice(1)
    .split("\t")
    .map((column) => column.trim())
    .filter((column) => column !== "");
  if (pc === undefined || !PC.test(pc)) return undefined;
  const colon = place.lastIndexOf(":");
  const lineNumber = Number(place.slice(colon + 1));
  return {
    function: symbol.replace(/\+0x[0-9a-f]+$/, ""),
    file: colon < 0 ? place : place.slice(0, colon),
    line: colon < 0 || !Number.isSafeInteger(lineNumber) ? 0 : lineNumber,
  };
}

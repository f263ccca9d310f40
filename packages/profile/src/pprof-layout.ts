/**
 * First pass over a pprof file: what is in it, how much of each, and where.
 *
 * The counts let the second pass fill arrays of the exact size; the windows let it
 * visit each kind of message without looking at the others, in whatever order the
 * producer wrote them (Go writes samples first and strings last, others the reverse).
 */
import { LocationField, ProfileField } from "./pprof-fields.ts";
import { MessageWindow } from "./message-window.ts";
import { PprofHeader } from "./pprof-header.ts";
import type { PprofLimits } from "./pprof-limits.ts";
import { SampleTally } from "./pprof-sample-tally.ts";
import type { ProblemLog } from "./problem-log.ts";
import { LENGTH_DELIMITED, NO_FAULT, WireReader } from "./wire-reader.ts";

export interface PprofLayout {
  readonly header: PprofHeader;
  readonly samples: MessageWindow;
  readonly mappings: MessageWindow;
  readonly locations: MessageWindow;
  readonly functions: MessageWindow;
  readonly strings: MessageWindow;
  /** Predicted: enough to allocate for, not a bound. */
  readonly stackEntriesExpected: number;
  readonly labelsExpected: number;
  /** Never less than the second pass fills. */
  readonly lineCount: number;
  /** True when the file was not taken whole: it was cut, damaged or beyond a limit. */
  readonly isPartial: boolean;
}

const SAMPLE_TAG = (ProfileField.sample << 3) | LENGTH_DELIMITED;

/** Reads the file once. Where its outermost level cannot be read it ends, and a problem is logged. */
export function layOutPprof(
  bytes: Uint8Array,
  limits: PprofLimits,
  problems: ProblemLog,
): PprofLayout {
  return new LayoutPass(bytes, limits, problems).run();
}

class LayoutPass {
  readonly #reader: WireReader;
  readonly #inner: WireReader;
  readonly #limits: PprofLimits;
  readonly #problems: ProblemLog;
  readonly #tally: SampleTally;
  readonly #header = new PprofHeader();
  readonly #samples = new MessageWindow(ProfileField.sample);
  readonly #mappings = new MessageWindow(ProfileField.mapping);
  readonly #locations = new MessageWindow(ProfileField.location);
  readonly #functions = new MessageWindow(ProfileField.function);
  readonly #strings = new MessageWindow(ProfileField.stringTable);
  /** Limits that were reached. */
  readonly #reached = new Set<keyof PprofLimits>();
  #lineCount = 0;

  constructor(bytes: Uint8Array, limits: PprofLimits, problems: ProblemLog) {
    this.#reader = new WireReader(bytes, 0, Math.min(bytes.length, limits.bytesMax));
    this.#inner = new WireReader(bytes);
    this.#limits = limits;
    this.#problems = problems;
    this.#tally = new SampleTally(bytes);
  }

  run(): PprofLayout {
    const reader = this.#reader;
    let tagStart = 0;
    for (; reader.nextField(); tagStart = reader.position) {
      if (reader.wireType !== LENGTH_DELIMITED) {
        if (!this.#header.takeScalar(reader, this.#limits)) break;
        continue;
      }
      const messageEnd = reader.readPayloadEnd();
      if (messageEnd < 0) break;
      this.#takeMessage(tagStart, reader.position, messageEnd);
      reader.position = messageEnd;
      if (reader.field === ProfileField.sample) reader.position = this.#takeSamples(messageEnd);
    }
    if (reader.fault !== NO_FAULT) this.#reportFault(tagStart);
    else if (reader.end < reader.bytes.length) this.#reportLimit("bytesMax", reader.end);
    const tally = this.#tally;
    const limits = this.#limits;
    return {
      header: this.#header,
      samples: this.#samples,
      mappings: this.#mappings,
      locations: this.#locations,
      functions: this.#functions,
      strings: this.#strings,
      stackEntriesExpected: Math.min(tally.stackEntriesExpected, limits.stackEntriesMax),
      labelsExpected: Math.min(tally.labelsExpected, limits.labelsMax),
      lineCount: this.#lineCount,
      isPartial: reader.fault !== NO_FAULT || this.#reached.size > 0,
    };
  }

  #takeMessage(tagStart: number, start: number, end: number): void {
    switch (this.#reader.field) {
      case ProfileField.sample:
        if (this.#take(this.#samples, "samplesMax", tagStart, end)) {
          this.#tally.add(this.#samples.count - 1, start, end);
        }
        break;
      case ProfileField.location:
        this.#takeLocation(tagStart, start, end);
        break;
      case ProfileField.function:
        this.#take(this.#functions, "functionsMax", tagStart, end);
        break;
      case ProfileField.mapping:
        this.#take(this.#mappings, "mappingsMax", tagStart, end);
        break;
      case ProfileField.stringTable:
        this.#take(this.#strings, "stringsMax", tagStart, end);
        break;
      default:
        this.#takeHeaderMessage(tagStart, start, end);
    }
  }

  /**
   * Takes samples as long as one follows the other, and answers where that ended. The same
   * as {@link #takeMessage} for each, in a loop that is cheap before it is compiled.
   */
  #takeSamples(start: number): number {
    const { bytes, end } = this.#reader;
    const { samplesMax } = this.#limits;
    const window = this.#samples;
    const tally = this.#tally;
    let { count } = window;
    let position = start;
    while (bytes[position] === SAMPLE_TAG && count < samplesMax && position + 3 <= end) {
      const first = bytes[position + 1]!;
      const second = bytes[position + 2]!;
      if (first >= 0x80 && second >= 0x80) break;
      const payload = first < 0x80 ? position + 2 : position + 3;
      const messageEnd = payload + (first < 0x80 ? first : (first & 0x7f) | (second << 7));
      if (messageEnd > end) break;
      tally.add(count, payload, messageEnd);
      count += 1;
      position = messageEnd;
    }
    window.count = count;
    if (position > start) window.end = position;
    return position;
  }

  #takeHeaderMessage(tagStart: number, start: number, end: number): void {
    const header = this.#header;
    const { field } = this.#reader;
    if (field === ProfileField.periodType) header.periodType = { start, end };
    if (field === ProfileField.sampleType) {
      if (header.sampleTypes.length < this.#limits.sampleTypesMax) {
        header.sampleTypes.push({ start, end });
      } else this.#reportLimit("sampleTypesMax", tagStart);
    }
    if (field === ProfileField.comment) {
      this.#inner.seek(start, end);
      header.takePackedComments(this.#inner, this.#limits);
    }
  }

  #take(window: MessageWindow, limit: keyof PprofLimits, tagStart: number, end: number): boolean {
    if (window.count >= this.#limits[limit]) {
      this.#reportLimit(limit, tagStart);
      return false;
    }
    window.include(tagStart, end);
    return true;
  }

  #takeLocation(tagStart: number, start: number, end: number): void {
    const inner = this.#inner;
    inner.seek(start, end);
    let lines = 0;
    while (inner.nextField()) {
      if (inner.field === LocationField.line && inner.wireType === LENGTH_DELIMITED) lines += 1;
      if (!inner.skipField()) break;
    }
    if (this.#lineCount + lines > this.#limits.linesMax) this.#reportLimit("linesMax", tagStart);
    // A window has no holes: the first location too many closes it.
    if (this.#reached.has("linesMax")) return;
    if (this.#take(this.#locations, "locationsMax", tagStart, end)) this.#lineCount += lines;
  }

  #reportLimit(limit: keyof PprofLimits, offset: number): void {
    if (this.#reached.has(limit)) return;
    this.#reached.add(limit);
    this.#problems.add("WT_PROFILE_LIMIT", offset, `${limit} (${this.#limits[limit]})`);
  }

  #reportFault(tagStart: number): void {
    const reader = this.#reader;
    const name = MESSAGE_NAMES.get(reader.field) ?? `field ${reader.field}`;
    if (!reader.isCut) {
      this.#problems.add("WT_PROFILE_CORRUPT", reader.fault, `the field after ${tagStart} bytes`);
    } else if (reader.end < reader.bytes.length) {
      this.#reportLimit("bytesMax", tagStart);
    } else this.#problems.add("WT_PROFILE_TRUNCATED", tagStart, name);
  }
}

const MESSAGE_NAMES: ReadonlyMap<number, string> = new Map([
  [ProfileField.sampleType, "a sample type"],
  [ProfileField.sample, "a sample"],
  [ProfileField.mapping, "a mapping"],
  [ProfileField.location, "a location"],
  [ProfileField.function, "a function"],
  [ProfileField.stringTable, "the string table"],
]);

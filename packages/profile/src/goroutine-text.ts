/**
 * Goroutine dumps as text: `debug=2` (every goroutine, with its state) and `debug=1` (a count per
 * stack) of Go 1.19 to 1.27, also out of crash output and container logs. Which one it is shows
 * in the first line that belongs to a dump; what stands before it is skipped.
 */
import { ProfileError, describeProfileProblem } from "./errors.ts";
import { GoroutineDebug1Reader } from "./goroutine-debug1.ts";
import { GoroutineDebug2Reader } from "./goroutine-debug2.ts";
import type { GoroutineDump } from "./goroutine-dump.ts";
import { GOROUTINE_TEXT_LIMITS, type GoroutineTextLimits } from "./goroutine-limits.ts";
import { settleRuntime } from "./goroutine-runtime.ts";
import { LogLineReader } from "./goroutine-log-lines.ts";
import { findDumpStart, mayBeDumpStart } from "./goroutine-text-probe.ts";
import { type BlockReader, TextStaging } from "./goroutine-text-staging.ts";
import { ProblemLog } from "./problem-log.ts";

/** `runtime/pprof` stops writing a `debug=2` dump at exactly this size. */
export const RUNTIME_DUMP_BYTES_MAX = 67_108_864;

export interface GoroutineTextOptions extends Partial<GoroutineTextLimits> {
  /** True when the bytes are a `goroutineleak` profile; `debug=1` text says so itself. */
  readonly leakProfile?: boolean;
}

type DumpReader = GoroutineDebug1Reader | GoroutineDebug2Reader;

/**
 * Decodes a dump that comes in chunks, of any size, cut anywhere. Memory stays within the
 * limits however long the input is; a chunk is not kept after `push` returns.
 *
 *     const decoder = new GoroutineTextDecoder();
 *     for await (const chunk of response.body) decoder.push(chunk);
 *     const dump = decoder.finish();
 */
export class GoroutineTextDecoder {
  readonly #limits: GoroutineTextLimits;
  readonly #leakProfile: boolean;
  readonly #problems: ProblemLog;
  readonly #staging: TextStaging;
  #reader: DumpReader | undefined;
  #logLines: LogLineReader | undefined;
  #isMidLine = false;
  #streamBytes = 0;

  constructor(options: GoroutineTextOptions = {}) {
    const { leakProfile = false, ...limits } = options;
    this.#limits = { ...GOROUTINE_TEXT_LIMITS, ...limits };
    this.#leakProfile = leakProfile;
    this.#problems = new ProblemLog(this.#limits.problemsMax);
    const blocks: BlockReader = {
      read: (bytes, view, start, base) => this.#read(bytes, view, start, base),
      abandon: (offset) => this.#abandon(offset),
    };
    this.#staging = new TextStaging(blocks, this.#limits.goroutineBytesMax);
  }

  /** Takes the next bytes of the dump. */
  push(chunk: Uint8Array): void {
    this.#streamBytes += chunk.length;
    this.#staging.push(chunk);
  }

  /**
   * The dump, once all bytes were pushed. A cut or damaged input gives what was whole, with
   * problems; bytes that hold no dump at all throw a {@link ProfileError}
   * (`WT_PROFILE_UNKNOWN_FORMAT`).
   */
  finish(): GoroutineDump {
    let { rest, offset } = this.#staging.finish();
    if (this.#reader === undefined) {
      if (!mayBeDumpStart(rest)) throw this.#unknownFormat();
      this.#reader = new GoroutineDebug2Reader(this.#limits, this.#problems);
    }
    if (this.#logLines !== undefined) ({ rest, offset } = this.#logLines.finish(rest));
    const reader = this.#reader;
    reader.finish(rest, offset);
    const { groups, covered } = reader.close();
    const isAtRuntimeLimit =
      reader instanceof GoroutineDebug2Reader && this.#streamBytes === RUNTIME_DUMP_BYTES_MAX;
    if (isAtRuntimeLimit) {
      const what = "the dump, at the 64 MiB where the Go runtime stops writing it";
      this.#problems.add("WT_PROFILE_TRUNCATED", this.#streamBytes, what);
    }
    return settleRuntime({
      format: reader instanceof GoroutineDebug2Reader ? "goroutine-debug2" : "goroutine-debug1",
      runtime: "go",
      leakProfile: this.#leakProfile || reader.isLeakProfile,
      total: reader.total,
      covered,
      truncated: reader.isTruncated || isAtRuntimeLimit,
      groups,
      problems: this.#problems.list(),
    });
  }

  #read(bytes: Uint8Array, view: DataView, start: number, base: number): number {
    if (this.#reader !== undefined) {
      return (this.#logLines ?? this.#reader).read(bytes, view, start, base);
    }
    let position = start;
    if (this.#isMidLine) {
      position = bytes.indexOf(10, start) + 1;
      if (position === 0) return bytes.length;
      this.#isMidLine = false;
    }
    const found = findDumpStart(bytes, position);
    if (found.format === undefined) return found.position;
    this.#reader =
      found.format === "goroutine-debug2"
        ? new GoroutineDebug2Reader(this.#limits, this.#problems)
        : new GoroutineDebug1Reader(this.#limits, this.#problems);
    if (found.prefix !== undefined) {
      const { goroutineBytesMax } = this.#limits;
      this.#logLines = new LogLineReader(found.prefix, this.#reader, goroutineBytesMax);
    }
    return this.#read(bytes, view, found.position, base);
  }

  #abandon(offset: number): void {
    if (this.#logLines !== undefined) this.#logLines.abandon();
    else if (this.#reader !== undefined) this.#reader.abandon(offset);
    else this.#isMidLine = true;
  }

  #unknownFormat(): ProfileError {
    const what =
      this.#streamBytes === 0 ? "there are none" : "no line of a goroutine dump is in them";
    return new ProfileError(describeProfileProblem("WT_PROFILE_UNKNOWN_FORMAT", 0, what));
  }
}

/** Decodes a dump that is in memory. See {@link GoroutineTextDecoder}. */
export function decodeGoroutineText(
  bytes: Uint8Array,
  options: GoroutineTextOptions = {},
): GoroutineDump {
  const decoder = new GoroutineTextDecoder(options);
  decoder.push(bytes);
  return decoder.finish();
}

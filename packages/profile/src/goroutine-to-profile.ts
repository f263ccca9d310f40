/** A goroutine dump as a profile of counts: what flame graphs and pprof tools draw. */
import type { Frame, GoroutineDump, GoroutineGroup } from "./goroutine-dump.ts";
import { NO_MAPPING, type Profile } from "./profile.ts";

export interface GoroutineProfileOptions {
  /** What the outermost frame of every stack is; none by default. */
  readonly by?: "state" | "creator" | { readonly label: string };
}

/**
 * One sample per group, of type `goroutine` in `count`; its labels are kept and `state` is added
 * to them. `by` puts one more frame under each stack, so that a flame graph is split by it.
 */
export function profileFromGoroutines(
  dump: GoroutineDump,
  options: GoroutineProfileOptions = {},
): Profile {
  const columns = new CountColumns();
  for (const group of dump.groups) {
    const base = baseFrame(group, options.by);
    const frames = base === undefined ? group.frames : [...group.frames, base];
    const labels = group.state === "" ? group.labels : { state: group.state, ...group.labels };
    columns.add(group.count, frames, labels);
  }
  return columns.toProfile(dump.leakProfile ? "goroutineleak" : "goroutine");
}

function named(name: string): Frame {
  return { function: name, file: "", line: 0 };
}

function baseFrame(group: GoroutineGroup, by: GoroutineProfileOptions["by"]): Frame | undefined {
  if (by === undefined) return undefined;
  if (by === "state") return named(group.state === "" ? "(state unknown)" : group.state);
  if (by === "creator") return group.createdBy ?? named("(no creator)");
  const value = Object.hasOwn(group.labels, by.label) ? group.labels[by.label] : undefined;
  return named(value === undefined ? `(no ${by.label})` : `${by.label}: ${value}`);
}

class CountColumns {
  readonly #strings = new Map<string, number>([["", 0]]);
  readonly #functions = new Map<string, number>();
  readonly #functionName: number[] = [];
  readonly #functionFile: number[] = [];
  readonly #locations = new Map<string, number>();
  readonly #lineFunction: number[] = [];
  readonly #lineNumber: bigint[] = [];
  readonly #stackOffset: number[] = [0];
  readonly #stack: number[] = [];
  readonly #counts: bigint[] = [];
  readonly #labelOffset: number[] = [0];
  readonly #labelKey: number[] = [];
  readonly #labelString: number[] = [];

  add(count: number, frames: readonly Frame[], labels: Readonly<Record<string, string>>): void {
    this.#counts.push(BigInt(count));
    for (const frame of frames) this.#stack.push(this.#location(frame));
    this.#stackOffset.push(this.#stack.length);
    for (const [key, value] of Object.entries(labels)) {
      this.#labelKey.push(this.#string(key));
      this.#labelString.push(this.#string(value));
    }
    this.#labelOffset.push(this.#labelKey.length);
  }

  toProfile(type: string): Profile {
    const sampleType = { type, unit: "count" };
    return {
      strings: [...this.#strings.keys()],
      sampleTypes: [sampleType],
      defaultSampleType: undefined,
      functions: this.#functionColumns(),
      mappings: noMappings(),
      locations: this.#locationColumns(),
      samples: this.#sampleColumns(),
      comments: [],
      dropFrames: "",
      keepFrames: "",
      docUrl: "",
      timeNanos: 0n,
      durationNanos: 0n,
      periodType: sampleType,
      period: 1n,
    };
  }

  #string(text: string): number {
    let index = this.#strings.get(text);
    if (index === undefined) {
      index = this.#strings.size;
      this.#strings.set(text, index);
    }
    return index;
  }

  #location(frame: Frame): number {
    const functionKey = `${frame.function}\t${frame.file}`;
    const key = `${functionKey}:${frame.line}`;
    const known = this.#locations.get(key);
    if (known !== undefined) return known;
    let row = this.#functions.get(functionKey);
    if (row === undefined) {
      row = this.#functionName.push(this.#string(frame.function)) - 1;
      this.#functionFile.push(this.#string(frame.file));
      this.#functions.set(functionKey, row);
    }
    const location = this.#lineFunction.push(row) - 1;
    this.#lineNumber.push(BigInt(frame.line));
    this.#locations.set(key, location);
    return location;
  }

  #functionColumns(): Profile["functions"] {
    const count = this.#functionName.length;
    const name = Uint32Array.from(this.#functionName);
    const file = Uint32Array.from(this.#functionFile);
    return { count, name, systemName: name, file, startLine: new BigInt64Array(count) };
  }

  #locationColumns(): Profile["locations"] {
    const count = this.#lineFunction.length;
    return {
      count,
      address: new BigUint64Array(count),
      mapping: new Uint32Array(count).fill(NO_MAPPING),
      isFolded: new Uint8Array(count),
      lineOffset: Uint32Array.from({ length: count + 1 }, (_, index) => index),
      lineFunction: Uint32Array.from(this.#lineFunction),
      lineNumber: BigInt64Array.from(this.#lineNumber),
      lineColumn: new BigInt64Array(count),
    };
  }

  #sampleColumns(): Profile["samples"] {
    const labels = this.#labelKey.length;
    return {
      count: this.#counts.length,
      stackOffset: Uint32Array.from(this.#stackOffset),
      stack: Uint32Array.from(this.#stack),
      values: [BigInt64Array.from(this.#counts)],
      labelOffset: Uint32Array.from(this.#labelOffset),
      labelKey: Uint32Array.from(this.#labelKey),
      labelString: Uint32Array.from(this.#labelString),
      labelNumber: new BigInt64Array(labels),
      labelUnit: new Uint32Array(labels),
    };
  }
}

function noMappings(): Profile["mappings"] {
  return {
    count: 0,
    start: new BigUint64Array(0),
    limit: new BigUint64Array(0),
    offset: new BigUint64Array(0),
    file: new Uint32Array(0),
    buildId: new Uint32Array(0),
    flags: new Uint8Array(0),
  };
}

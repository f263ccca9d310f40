/** Builds a Profile from stacks written by hand, outermost caller first. */
import { NO_MAPPING, type Profile } from "@watertight/profile";

export interface Stack {
  /** Outermost first. `a|b` is one location: b inlined into a. An empty name has no symbol. */
  readonly frames: readonly string[];
  readonly value: number | bigint;
}

/** `"main;serve;parse 12"` per line, as in folded stacks. */
export function stacksOf(text: string): readonly Stack[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [, frames, value] = /^\s*(.*) (-?\d+)$/.exec(line)!;
      return { frames: frames!.split(";"), value: BigInt(value!) };
    });
}

export interface ProfileOfOptions {
  readonly type?: string;
  readonly unit?: string;
  /** Source file of a function. Default `pkg/<first letter>.go`. */
  readonly fileOf?: (name: string) => string;
}

class Strings {
  readonly all: string[] = [""];
  indexOf(text: string): number {
    const known = this.all.indexOf(text);
    return known >= 0 ? known : this.all.push(text) - 1;
  }
}

export function profileOf(stacks: readonly Stack[], options: ProfileOfOptions = {}): Profile {
  const strings = new Strings();
  const { type = "inuse_space", unit = "bytes", fileOf = () => "" } = options;
  const locations = [...new Set(stacks.flatMap((stack) => stack.frames))];
  const functions = [...new Set(locations.flatMap((name) => (name ? name.split("|") : [])))];
  const lines = locations.map((name) =>
    name === ""
      ? []
      : name
          .split("|")
          .reverse()
          .map((line) => functions.indexOf(line)),
  );
  const flat = lines.flat();
  let offset = 0;
  const lineOffset = [0, ...lines.map((line) => (offset += line.length))];
  let end = 0;
  const stackOffset = [0, ...stacks.map((stack) => (end += stack.frames.length))];
  const none = new Uint32Array(0);
  return {
    strings: strings.all,
    sampleTypes: [{ type, unit }],
    defaultSampleType: undefined,
    functions: {
      count: functions.length,
      name: Uint32Array.from(functions, (name) => strings.indexOf(name)),
      systemName: new Uint32Array(functions.length),
      file: Uint32Array.from(functions, (name) => strings.indexOf(fileOf(name))),
      startLine: new BigInt64Array(functions.length),
    },
    mappings: {
      count: 0,
      start: new BigUint64Array(0),
      limit: new BigUint64Array(0),
      offset: new BigUint64Array(0),
      file: none,
      buildId: none,
      flags: new Uint8Array(0),
    },
    locations: {
      count: locations.length,
      address: BigUint64Array.from(locations, (_, row) => 0x1000n + BigInt(row)),
      mapping: new Uint32Array(locations.length).fill(NO_MAPPING),
      isFolded: new Uint8Array(locations.length),
      lineOffset: Uint32Array.from(lineOffset),
      lineFunction: Uint32Array.from(flat),
      lineNumber: new BigInt64Array(flat.length),
      lineColumn: new BigInt64Array(flat.length),
    },
    samples: {
      count: stacks.length,
      stackOffset: Uint32Array.from(stackOffset),
      stack: Uint32Array.from(
        stacks.flatMap((stack) =>
          [...stack.frames].reverse().map((name) => locations.indexOf(name)),
        ),
      ),
      values: [BigInt64Array.from(stacks, (stack) => BigInt(stack.value))],
      labelOffset: new Uint32Array(stacks.length + 1),
      labelKey: none,
      labelString: none,
      labelNumber: new BigInt64Array(0),
      labelUnit: none,
    },
    comments: [],
    dropFrames: "",
    keepFrames: "",
    docUrl: "",
    timeNanos: 0n,
    durationNanos: 0n,
    periodType: undefined,
    period: 0n,
  };
}

/** Where in the service the bytes come from: app frames of a heap profile, with their lines. */
import type { LeakRuntime } from "@watertight/finding";
import type { Frame, GoroutineDump, Profile } from "@watertight/profile";
import { FrameOrigins, type FrameOriginOptions } from "../stack/frame-origin.ts";

/** Values of one profile at one site, all samples whose stack holds it added up. */
export interface SiteTotals {
  readonly inuseBytes: number;
  readonly inuseObjects: number;
  readonly allocBytes: number;
  /** Of the bytes in use, those outside of the runtime's heap: Buffers of Node. */
  readonly externalBytes: number;
}

export interface HeapPlaceOptions extends FrameOriginOptions {
  /** `go` unless told. */
  readonly runtime?: LeakRuntime;
}

/** A line of the service, and what is accounted to it. */
export interface CallerTotals {
  readonly frame: Frame;
  readonly value: number;
}

/** One profile's functions, asked about by name. */
export class HeapPlaces {
  readonly #profile: Profile;
  readonly #origins: FrameOrigins;
  readonly #files: ReadonlyMap<string, string>;

  constructor(profile: Profile, options: HeapPlaceOptions) {
    this.#profile = profile;
    const files = new Map<string, string>();
    const { functions, strings } = profile;
    for (let row = 0; row < functions.count; row++) {
      const name = strings[functions.name[row] as number] ?? "";
      files.set(name, strings[functions.file[row] as number] ?? "");
    }
    this.#files = files;
    this.#origins = FrameOrigins.of(
      asDump(files, options.runtime === "node" ? "node" : "go"),
      options,
    );
  }

  /** The deepest function of a path (outermost first) that is the service's own. */
  findSite(path: readonly string[]): string | undefined {
    return path.findLast((name) =>
      this.#origins.isApp({ function: name, file: this.#files.get(name) ?? "", line: 0 }),
    );
  }

  /** The function with the line that holds most of the bytes in use. */
  locate(name: string): Frame {
    const type = this.#columnOf("inuse_space");
    const lines = new Map<number, number>();
    this.#eachSample(name, (sample, line) => {
      lines.set(line, (lines.get(line) ?? 0) + Number(type?.[sample] ?? 0n));
    });
    const best = [...lines].toSorted((a, b) => b[1] - a[1])[0];
    return { function: name, file: this.#files.get(name) ?? "", line: best?.[0] ?? 0 };
  }

  /** What passes through a function. */
  measure(name: string): SiteTotals {
    const columns = ["inuse_space", "inuse_objects", "alloc_space"].map((type) =>
      this.#columnOf(type),
    );
    const sums = [0, 0, 0];
    let externalBytes = 0;
    this.#eachSample(name, (sample) => {
      columns.forEach((column, at) => {
        sums[at] = (sums[at] as number) + Number(column?.[sample] ?? 0n);
      });
      if (this.#isExternal(sample)) externalBytes += Number(columns[0]?.[sample] ?? 0n);
    });
    const [inuseBytes, inuseObjects, allocBytes] = sums as [number, number, number];
    return { inuseBytes, inuseObjects, allocBytes, externalBytes };
  }

  /**
   * The service's own lines with what they hold outside of the runtime's heap, most first: the
   * innermost line of each stack that its reader can change.
   */
  findExternal(): readonly CallerTotals[] {
    const values = this.#columnOf("inuse_space");
    const totals = new Map<string, CallerTotals>();
    const { stack, stackOffset, count } = this.#profile.samples;
    for (let sample = 0; sample < count; sample++) {
      const value = Number(values?.[sample] ?? 0n);
      if (value <= 0 || !this.#isExternal(sample)) continue;
      const frames = [...stack.subarray(stackOffset[sample], stackOffset[sample + 1])];
      const frame = frames
        .flatMap((location) => this.#framesOf(location))
        .find((candidate) => this.#origins.isApp(candidate));
      if (frame === undefined) continue;
      const key = `${frame.function}\n${frame.file}:${frame.line}`;
      totals.set(key, { frame, value: (totals.get(key)?.value ?? 0) + value });
    }
    return [...totals.values()].toSorted((a, b) => b.value - a.value);
  }

  /**
   * The service's own lines that called into a library, with what the library allocated for
   * each: leaked goroutines outlive their caller's stack, what was allocated for them does not.
   */
  findCallers(library: RegExp, type: string): readonly CallerTotals[] {
    const values = this.#columnOf(type);
    const totals = new Map<string, CallerTotals>();
    const { stack, stackOffset, count } = this.#profile.samples;
    for (let sample = 0; sample < count; sample++) {
      const value = Number(values?.[sample] ?? 0n);
      if (value === 0) continue;
      const frame = this.#callerIn(
        stack.subarray(stackOffset[sample], stackOffset[sample + 1]),
        library,
      );
      if (frame === undefined) continue;
      const key = `${frame.function}:${frame.line}`;
      totals.set(key, { frame, value: (totals.get(key)?.value ?? 0) + value });
    }
    return [...totals.values()].toSorted((a, b) => b.value - a.value);
  }

  /** By the label that the agent for Node gives to what is outside of V8's heap. */
  #isExternal(sample: number): boolean {
    const { strings, samples } = this.#profile;
    const end = samples.labelOffset[sample + 1] as number;
    for (let at = samples.labelOffset[sample] as number; at < end; at++) {
      const isMemory = strings[samples.labelKey[at] as number] === "memory";
      if (isMemory && strings[samples.labelString[at] as number] === "external") return true;
    }
    return false;
  }

  /** The first frame above the library's in a stack (leaf first), when it is the service's own. */
  #callerIn(stack: Uint32Array, library: RegExp): Frame | undefined {
    let isInLibrary = false;
    for (const location of stack) {
      for (const frame of this.#framesOf(location)) {
        if (library.test(frame.function)) isInLibrary = true;
        else if (isInLibrary) return this.#origins.isApp(frame) ? frame : undefined;
      }
    }
    return undefined;
  }

  #framesOf(location: number): readonly Frame[] {
    const { functions, locations, strings } = this.#profile;
    const start = locations.lineOffset[location] as number;
    const end = locations.lineOffset[location + 1] as number;
    return Array.from({ length: end - start }, (_, at) => {
      const row = locations.lineFunction[start + at] as number;
      return {
        function: strings[functions.name[row] as number] ?? "",
        file: strings[functions.file[row] as number] ?? "",
        line: Number(locations.lineNumber[start + at]),
      };
    });
  }

  #columnOf(type: string): BigInt64Array | undefined {
    const { sampleTypes, samples } = this.#profile;
    return samples.values[sampleTypes.findIndex((candidate) => candidate.type === type)];
  }

  /** Calls back once per sample whose stack holds the function, with its innermost line there. */
  #eachSample(name: string, each: (sample: number, line: number) => void): void {
    const lineOf = this.#linesOf(name);
    const { stack, stackOffset, count } = this.#profile.samples;
    for (let sample = 0; sample < count; sample++) {
      const end = stackOffset[sample + 1] as number;
      for (let at = stackOffset[sample] as number; at < end; at++) {
        const line = lineOf.get(stack[at] as number);
        if (line === undefined) continue;
        each(sample, line);
        break;
      }
    }
  }

  /** Location → line, for every location that the function is in. */
  #linesOf(name: string): ReadonlyMap<number, number> {
    const { functions, locations, strings } = this.#profile;
    const found = new Map<number, number>();
    for (let row = 0; row < locations.count; row++) {
      const end = locations.lineOffset[row + 1] as number;
      for (let at = locations.lineOffset[row] as number; at < end && !found.has(row); at++) {
        const nameRow = functions.name[locations.lineFunction[at] as number] as number;
        if (strings[nameRow] === name) found.set(row, Number(locations.lineNumber[at]));
      }
    }
    return found;
  }
}

/** The profile's functions as the one stack of a dump: what frame origins are learnt from. */
function asDump(
  files: ReadonlyMap<string, string>,
  runtime: GoroutineDump["runtime"],
): GoroutineDump {
  const frames: Frame[] = [...files].map(([name, file]) => ({ function: name, file, line: 0 }));
  return {
    format: "pprof",
    runtime,
    leakProfile: false,
    total: 1,
    covered: 1,
    truncated: false,
    problems: [],
    groups: [
      {
        count: 1,
        state: "",
        frames,
        elidedFrames: 0,
        createdBy: undefined,
        labels: {},
        ids: new Float64Array(0),
        age: { minMinutes: 0, maxMinutes: 0, stamped: 0 },
        leaked: 0,
        lockedToThread: 0,
        bubbled: 0,
        creatorCount: 0,
        witnesses: [],
      },
    ],
  };
}

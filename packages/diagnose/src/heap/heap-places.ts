/** Where in the service the bytes come from: app frames of a heap profile, with their lines. */
import type { LeakRuntime } from "@watertight/finding";
import { functionIdentity } from "@watertight/flame";
import type { Frame, GoroutineDump, Profile } from "@watertight/profile";
import { FrameOrigins, type FrameOriginOptions } from "../stack/frame-origin.ts";
import { externalInterval, intervalOf, isExternal } from "./external-samples.ts";
import { varianceOf } from "./sampling-error.ts";

/** Values of one profile at one site, all samples whose stack holds it added up. */
export interface SiteTotals {
  readonly inuseBytes: number;
  readonly inuseObjects: number;
  readonly allocBytes: number;
  /** Of the bytes in use, those outside of the runtime's heap: Buffers of Node. */
  readonly externalBytes: number;
  /** Of the bytes in use, in bytes squared: what sampling makes them stray by. */
  readonly inuseVariance: number;
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

/** A function: in Go its name tells it apart, elsewhere its file as well. */
export type SitePlace = Pick<Frame, "function" | "file">;

/** All functions together. */
export const WHOLE_PROFILE: SitePlace = { function: "", file: "" };

/** One profile's functions, asked about one by one. */
export class HeapPlaces {
  readonly #profile: Profile;
  readonly #origins: FrameOrigins;
  /** By identity. */
  readonly #functions: ReadonlyMap<string, Frame>;

  constructor(profile: Profile, options: HeapPlaceOptions) {
    this.#profile = profile;
    this.#functions = listFunctions(profile);
    const runtime = options.runtime === "node" ? "node" : "go";
    this.#origins = FrameOrigins.of(asDump([...this.#functions.values()], runtime), options);
  }

  /** The deepest function of a path (outermost first) that is the service's own. */
  findSite(path: readonly SitePlace[]): SitePlace | undefined {
    return path.findLast((place) => this.#origins.isApp({ line: 0, ...place }));
  }

  /** The function with the line that holds most of the bytes in use. */
  locate(place: SitePlace): Frame {
    const type = this.#columnOf("inuse_space");
    const lines = new Map<number, number>();
    this.#eachSample(place, (sample, line) => {
      lines.set(line, (lines.get(line) ?? 0) + Number(type?.[sample] ?? 0n));
    });
    const best = [...lines].toSorted((a, b) => b[1] - a[1])[0];
    const { file } = this.#functions.get(identityOf(place)) ?? place;
    return { function: place.function, file, line: best?.[0] ?? 0 };
  }

  /** What passes through a function. */
  measure(place: SitePlace): SiteTotals {
    const columns = ["inuse_space", "inuse_objects", "alloc_space"].map((type) =>
      this.#columnOf(type),
    );
    const sums = [0, 0, 0];
    let externalBytes = 0;
    let inuseVariance = 0;
    this.#eachSample(place, (sample) => {
      const values = columns.map((column) => Number(column?.[sample] ?? 0n));
      values.forEach((value, at) => (sums[at] = (sums[at] as number) + value));
      const [bytes, objects] = values as [number, number];
      if (isExternal(this.#profile, sample)) externalBytes += bytes;
      const intervalBytes = intervalOf(this.#profile, sample);
      inuseVariance += varianceOf({ bytes, objects, intervalBytes });
    });
    const [inuseBytes, inuseObjects, allocBytes] = sums as [number, number, number];
    return { inuseBytes, inuseObjects, allocBytes, externalBytes, inuseVariance };
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
      if (value <= 0 || !isExternal(this.#profile, sample)) continue;
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

  /** Bytes between two samples of what is outside of the runtime's heap, on average. */
  externalIntervalBytes(): number {
    return externalInterval(this.#profile);
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
  #eachSample(place: SitePlace, each: (sample: number, line: number) => void): void {
    const isWhole = place === WHOLE_PROFILE;
    const lineOf = isWhole ? new Map<number, number>() : this.#linesOf(place);
    const { stack, stackOffset, count } = this.#profile.samples;
    for (let sample = 0; sample < count; sample++) {
      const locations = stack.subarray(stackOffset[sample], stackOffset[sample + 1]);
      const innermost = locations.find((location) => lineOf.has(location));
      if (isWhole) each(sample, 0);
      else if (innermost !== undefined) each(sample, lineOf.get(innermost) as number);
    }
  }

  /** Location → line, for every location that the function is in. */
  #linesOf(place: SitePlace): ReadonlyMap<number, number> {
    const { functions, locations, strings } = this.#profile;
    const wanted = identityOf(place);
    const isWanted = Array.from({ length: functions.count }, (_, row) => {
      const name = strings[functions.name[row] as number] ?? "";
      const file = strings[functions.file[row] as number] ?? "";
      return identityOf({ function: name, file }) === wanted;
    });
    const found = new Map<number, number>();
    for (let row = 0; row < locations.count; row++) {
      const end = locations.lineOffset[row + 1] as number;
      for (let at = locations.lineOffset[row] as number; at < end && !found.has(row); at++) {
        if (isWanted[locations.lineFunction[at] as number] !== true) continue;
        found.set(row, Number(locations.lineNumber[at]));
      }
    }
    return found;
  }
}

function identityOf(place: SitePlace): string {
  return functionIdentity(place.function, place.file);
}

function listFunctions({ functions, strings }: Profile): ReadonlyMap<string, Frame> {
  const found = new Map<string, Frame>();
  for (let row = 0; row < functions.count; row++) {
    const place = {
      function: strings[functions.name[row] as number] ?? "",
      file: strings[functions.file[row] as number] ?? "",
    };
    found.set(identityOf(place), { ...place, line: 0 });
  }
  return found;
}

/** The profile's functions as the one stack of a dump: what frame origins are learnt from. */
function asDump(frames: readonly Frame[], runtime: GoroutineDump["runtime"]): GoroutineDump {
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

/** Where in the service the bytes come from: app frames of a heap profile, with their lines. */
import type { Frame, GoroutineDump, Profile } from "@watertight/profile";
import { FrameOrigins, type FrameOriginOptions } from "../stack/frame-origin.ts";

/** Values of one profile at one site, all samples whose stack holds it added up. */
export interface SiteTotals {
  readonly inuseBytes: number;
  readonly inuseObjects: number;
  readonly allocBytes: number;
}

/** One profile's functions, asked about by name. */
export class HeapPlaces {
  readonly #profile: Profile;
  readonly #origins: FrameOrigins;
  readonly #files: ReadonlyMap<string, string>;

  constructor(profile: Profile, options: FrameOriginOptions) {
    this.#profile = profile;
    const files = new Map<string, string>();
    const { functions, strings } = profile;
    for (let row = 0; row < functions.count; row++) {
      const name = strings[functions.name[row] as number] ?? "";
      files.set(name, strings[functions.file[row] as number] ?? "");
    }
    this.#files = files;
    this.#origins = FrameOrigins.of(asDump(files), options);
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
    this.#eachSample(name, (sample) => {
      columns.forEach((column, at) => {
        sums[at] = (sums[at] as number) + Number(column?.[sample] ?? 0n);
      });
    });
    const [inuseBytes, inuseObjects, allocBytes] = sums as [number, number, number];
    return { inuseBytes, inuseObjects, allocBytes };
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
function asDump(files: ReadonlyMap<string, string>): GoroutineDump {
  const frames: Frame[] = [...files].map(([name, file]) => ({ function: name, file, line: 0 }));
  return {
    format: "pprof",
    runtime: "go",
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

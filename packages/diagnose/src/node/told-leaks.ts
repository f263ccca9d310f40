/**
 * Which growth is another leak's effect. It takes a mechanism: the heap graph ties what grows to the tasks or the
 * handles that leak, one on one. To grow in step with them is not enough: whatever each request adds does that.
 */
import { OPEN_FILE } from "./judge-census.ts";
import type { CensusTrack } from "./census-series.ts";

/** Of an effect's newest members at least so many hang together with the leak. */
const TIED_SHARE_MIN = 0.75;

/** Most members of an effect that one leaking task, handle or request brings along. */
const PER_CAUSE_MAX = 12;

/** Handles behind each of which the operating system counts an open file. */
const FILES: ReadonlySet<string> = new Set(["FileHandle", "ReadStream", "WriteStream"]);

/** Handles that Node opens itself for each of another kind, and how many at most. */
const COMPANIONS: Readonly<Record<string, { readonly of: string; readonly eachMax: number }>> = {
  MessagePort: { of: "Worker", eachMax: 3 },
  pipe: { of: "ChildProcess", eachMax: 4 },
};

/** How far the steps of open files may stray from those of the handles that hold them. */
const STRAY_SHARE_MAX = 0.5;

/** Everything that belongs to leaks that are told. */
export class ToldLeaks {
  readonly #ids = new Set<number>();
  readonly #fileCounts: (readonly number[])[] = [];
  readonly #countsOf = new Map<string, readonly number[]>();

  /** `tasks` are the heap ids of suspended tasks that leak. */
  constructor(tasks: readonly Float64Array[]) {
    for (const ids of tasks) for (const id of ids) this.#ids.add(id);
  }

  /** Adds what is told, or is an effect of what is told: what it holds is explained as well. */
  add({ entry, series }: CensusTrack): void {
    for (const id of entry.ids) this.#ids.add(Math.floor(id));
    if (entry.kind === "handle") this.#countsOf.set(entry.name, series.counts);
    if (FILES.has(entry.name)) this.#fileCounts.push(series.counts);
  }

  /** True when a leak that is told brings the track's members along. */
  explains({ entry, series }: CensusTrack): boolean {
    if (entry.name === OPEN_FILE) {
      return this.#fileCounts.some((counts) => risesWith(series.counts, counts));
    }
    if (this.#isCompanion({ entry, series })) return true;
    const { ties = [], ofTies = [] } = entry;
    if (ofTies.some((id) => this.#ids.has(id))) return true;
    const causes = ties.map((ids) => ids.filter((id) => this.#ids.has(id)));
    const tied = causes.filter((ids) => ids.length > 0).length;
    const distinct = new Set(causes.flat()).size;
    return tied > 0 && tied >= ties.length * TIED_SHARE_MIN && tied <= distinct * PER_CAUSE_MAX;
  }

  #isCompanion({ entry, series }: Pick<CensusTrack, "entry" | "series">): boolean {
    const companion = entry.kind === "handle" ? COMPANIONS[entry.name] : undefined;
    const counts = companion && this.#countsOf.get(companion.of);
    if (companion === undefined || counts === undefined) return false;
    return Array.from({ length: companion.eachMax }, (_, index) => index + 1).some((each) =>
      risesWith(
        series.counts,
        counts.map((count) => count * each),
      ),
    );
  }
}

/** Whether files rise with the handles that hold them, by one for each. */
function risesWith(files: readonly number[], handles: readonly number[]): boolean {
  return files.every((count, index) => {
    if (index === 0) return true;
    const step = count - (files[index - 1] ?? 0);
    const expected = (handles[index] ?? 0) - (handles[index - 1] ?? 0);
    return Math.abs(step - expected) <= Math.max(2, expected * STRAY_SHARE_MAX);
  });
}

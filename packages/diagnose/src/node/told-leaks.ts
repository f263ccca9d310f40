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

/** How far the steps of an effect may stray from those of its cause. */
const STRAY_SHARE_MAX = 0.5;

/** Everything that belongs to leaks that are told. */
export class ToldLeaks {
  readonly #ids = new Set<number>();
  readonly #fileCounts: (readonly number[])[] = [];
  readonly #countsOf = new Map<string, readonly number[]>();
  readonly #buffers: CensusTrack[] = [];

  /** `tasks` are the heap ids of suspended tasks that leak. */
  constructor(tasks: readonly Float64Array[]) {
    for (const ids of tasks) for (const id of ids) this.#ids.add(id);
  }

  /** Adds what is told, or is an effect of what is told: what it holds is explained as well. */
  add(track: CensusTrack): void {
    const { entry, series } = track;
    for (const id of entry.ids) this.#ids.add(Math.floor(id));
    if (entry.kind === "handle") this.#countsOf.set(entry.name, series.counts);
    if (FILES.has(entry.name)) this.#fileCounts.push(series.counts);
    if (entry.kind === "external") this.#buffers.push(track);
  }

  /** True when a leak that is told brings the track's members along. */
  explains({ entry, series }: CensusTrack): boolean {
    if (entry.name === OPEN_FILE) {
      return this.#fileCounts.some((counts) => risesWith(series.counts, counts));
    }
    if (this.#isCompanion({ entry, series })) return true;
    if (this.#buffers.some((buffers) => holdsAll({ entry, series }, buffers))) return true;
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

/**
 * Whether a collection is what the census found to hold the Buffers that are told. Ties say so where each
 * member has a Buffer of its own; views share theirs, by hundreds where Node cuts them from one pool. Then the
 * way from the roots says it, which the Buffers are named by, together with the counts: as many more members
 * to each more Buffer in every interval.
 */
function holdsAll(
  { entry, series: { counts } }: Pick<CensusTrack, "entry" | "series">,
  buffers: CensusTrack,
): boolean {
  const { name, place } = buffers.entry;
  if (entry.kind !== "collection" || place === undefined) return false;
  if (entry.name !== name || entry.place?.file !== place.file) return false;
  const each = rise(counts) / rise(buffers.series.counts);
  return risesWith(
    counts,
    buffers.series.counts.map((count) => count * each),
  );
}

function rise(counts: readonly number[]): number {
  return (counts.at(-1) ?? 0) - (counts[0] ?? 0);
}

/** Whether an effect rises with its cause, by one for each: open files with the handles that hold them. */
function risesWith(effect: readonly number[], cause: readonly number[]): boolean {
  return effect.every((count, index) => {
    if (index === 0) return true;
    const step = count - (effect[index - 1] ?? 0);
    const expected = (cause[index] ?? 0) - (cause[index - 1] ?? 0);
    return Math.abs(step - expected) <= Math.max(2, expected * STRAY_SHARE_MAX);
  });
}

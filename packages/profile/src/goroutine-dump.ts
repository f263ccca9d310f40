/**
 * The goroutine dump: what is alive in a process at one moment, grouped.
 *
 * A group is every goroutine (or suspended async function) that is in the same
 * state, at the same stack, started by the same line. A million goroutines are
 * a few thousand groups; only ids and a bounded number of witnesses stay
 * individual.
 */
import type { ProfileProblem } from "./errors.ts";
import type { HeapCensus } from "./heap-snapshot/census-entry.ts";

/** One line of a stack. `line` is 0 when the runtime did not say. */
export interface Frame {
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

/**
 * One member of a group, kept whole: the argument words that the runtime printed
 * for each frame. They tie together goroutines that touch the same object, which
 * is how lock cycles are found. Bounded per group by `witnessesMax`.
 */
export interface Witness {
  /** Goroutine id. */
  readonly id: number;
  /**
   * The goroutine that started it (`created by F in goroutine N`, Go 1.21 on). Whether that
   * one is still at work tells a goroutine that outlived its request from one that serves it.
   */
  readonly creatorId?: number;
  /**
   * Per frame (same order as the group's frames) the words printed as arguments,
   * in order, flattened out of `{…}`; values beyond 2^53 and `_` are NaN.
   * A word that the runtime marked as possibly stale (`0x1?`) is included.
   */
  readonly words: readonly (readonly number[])[];
}

/** Goroutines in one state, at one stack, started by one line. */
export interface GoroutineGroup {
  readonly count: number;
  /**
   * The runtime's own wait reason without `(leaked)`, `(scan)` and `(durable)`,
   * e.g. `chan receive`, `select (no cases)`, `running`; empty when the format does not say.
   */
  readonly state: string;
  /** Leaf first. */
  readonly frames: readonly Frame[];
  /**
   * Frames that the runtime left out of the middle, of the member with the most; 0 when the
   * stacks are whole, 1 when the runtime did not say how many (before Go 1.21).
   */
  readonly elidedFrames: number;
  /** The `go` statement that started them; undefined for the main goroutine and where the format does not say. */
  readonly createdBy: Frame | undefined;
  /** pprof labels, sorted by key; empty when there are none. */
  readonly labels: Readonly<Record<string, string>>;
  /** Ids in ascending order; empty when the format has none (`debug=1`, pprof). */
  readonly ids: Float64Array;
  /**
   * Minutes blocked, a lower bound (the runtime only stamps at a GC). `stamped` of the
   * group's members carried an age; the rest are younger than a minute or unstamped.
   */
  readonly age: {
    readonly minMinutes: number;
    readonly maxMinutes: number;
    readonly stamped: number;
  };
  /** How many the runtime itself marked `(leaked)`. */
  readonly leaked: number;
  /** How many hold an OS thread (`locked to thread`). */
  readonly lockedToThread: number;
  /** How many run inside a synctest bubble. */
  readonly bubbled: number;
  /** Distinct goroutines that created them (`in goroutine N`), 0 when unknown; counted to a bound. */
  readonly creatorCount: number;
  /** Their ids, ascending: as many as were counted. */
  readonly creatorIds?: Float64Array;
  readonly witnesses: readonly Witness[];
  /** For a suspended task of Node: who holds what could wake it, e.g. `Mutex.waiting > Array[0]`. */
  readonly waker?: string;
}

/** Which text or binary a dump was read from: what it can and cannot say follows from it. */
export type DumpFormat = "goroutine-debug2" | "goroutine-debug1" | "pprof" | "heap-snapshot";

/** Everything alive in one process at one moment. */
export interface GoroutineDump {
  readonly format: DumpFormat;
  readonly runtime: "go" | "node";
  /** True for a capture of `goroutineleak`: every goroutine in it is proven leaked (debug=0/1), or marked (debug=2). */
  readonly leakProfile: boolean;
  /** How many exist, as far as the capture says; equals `covered` for a whole capture. */
  readonly total: number;
  /** How many were decoded. */
  readonly covered: number;
  /** True when the capture was cut: at the runtime's 64 MiB limit, by a budget, or mid-stream. */
  readonly truncated: boolean;
  /** Largest group first; ties by state, then leaf frame. */
  readonly groups: readonly GoroutineGroup[];
  /** What could not be read, with byte offsets. Never empties what was read before it. */
  readonly problems: readonly ProfileProblem[];
  /** For a heap snapshot: what else the process holds, beside its suspended tasks. */
  readonly census?: HeapCensus;
}

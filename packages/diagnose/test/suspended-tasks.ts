/** Dumps of suspended tasks as captures of Node give them, for tests of how they are judged. */
import type { CensusEntry, Frame, GoroutineDump, GoroutineGroup } from "@watertight/profile";
import type { Observation } from "../src/index.ts";

/** What differs from one group to the next; frames as `function:line`, leaf first, of `/app/shop.ts` unless `file` says. */
export interface TaskSketch {
  readonly stack: readonly string[];
  readonly ids: readonly number[];
  readonly state?: "await" | "yield";
  readonly waker?: string;
  readonly leaked?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** `lock:6`, or `once@node:events:990`. */
function frameOf(text: string): Frame {
  const [, name = "", file = "/app/shop.ts", line = "0"] =
    /^([^:@]+)(?:@(.+))?:(\d+)$/.exec(text) ?? [];
  return { function: name, file, line: Number(line) };
}

/** One group. */
export function tasks(sketch: TaskSketch): GoroutineGroup {
  const frames = sketch.stack.map(frameOf);
  return {
    count: sketch.ids.length,
    state: sketch.state ?? "await",
    frames,
    elidedFrames: 0,
    createdBy: frames.length > 1 ? frames.at(-1) : undefined,
    labels: sketch.labels ?? {},
    ids: Float64Array.from(sketch.ids),
    age: { minMinutes: 0, maxMinutes: 0, stamped: 0 },
    leaked: sketch.leaked ?? 0,
    lockedToThread: 0,
    bubbled: 0,
    creatorCount: 0,
    witnesses: [],
    ...(sketch.waker === undefined ? {} : { waker: sketch.waker }),
  };
}

/** One capture, `minute` minutes after the first. */
export function capture(
  minute: number,
  groups: readonly GoroutineGroup[],
  entries: readonly CensusEntry[] = [],
): Observation {
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const goroutines: GoroutineDump = {
    format: "heap-snapshot",
    runtime: "node",
    leakProfile: false,
    total,
    covered: total,
    truncated: false,
    groups,
    problems: [],
    census: { entries, heapBytes: 10_000_000 + minute * 100_000, externalBytes: 0 },
  };
  return { atMs: minute * 60_000, goroutines, requestsServed: 1000 + minute * 100 };
}

/** `count` ids as V8 gives them, from `first` on. */
export function ids(count: number, first = 1001): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + 2 * index);
}

/**
 * Members of something that gains `counts[minute]` in each minute and loses none. V8 deals ids out in order of time,
 * so those of one minute lie together; `lane` keeps several things apart.
 */
export function cumulated(counts: readonly number[], lane = 0): readonly number[] {
  return counts.flatMap((count, minute) => ids(count, 1001 + minute * 100_000 + lane * 10_000));
}

/** What a census counts of one kind. */
export function counted(
  entry: Pick<CensusEntry, "kind" | "name"> & Partial<CensusEntry>,
  members: readonly number[],
): CensusEntry {
  return {
    count: members.length,
    bytes: members.length * 100,
    ids: Float64Array.from(members),
    ...entry,
  };
}

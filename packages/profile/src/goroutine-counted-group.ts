/** A group of a format that has counts, but no single goroutines. */
import type { Frame, GoroutineGroup } from "./goroutine-dump.ts";

/** What such a format says of a group. */
export interface CountedStack {
  readonly count: number;
  readonly state: string;
  /** Leaf first. */
  readonly frames: readonly Frame[];
  readonly labels: Readonly<Record<string, string>>;
  readonly elidedFrames?: number;
  readonly leaked?: number;
}

/** The group of such a stack: without ids, ages, creators and witnesses. */
export function countedGroup(stack: CountedStack): GoroutineGroup {
  return {
    count: stack.count,
    state: stack.state,
    frames: stack.frames,
    elidedFrames: stack.elidedFrames ?? 0,
    createdBy: undefined,
    labels: stack.labels,
    ids: new Float64Array(0),
    age: { minMinutes: 0, maxMinutes: 0, stamped: 0 },
    leaked: stack.leaked ?? 0,
    lockedToThread: 0,
    bubbled: 0,
    creatorCount: 0,
    witnesses: [],
  };
}

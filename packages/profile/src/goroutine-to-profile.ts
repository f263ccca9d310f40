/** A goroutine dump as a profile of counts: what flame graphs and pprof tools draw. */
import type { Frame, GoroutineDump, GoroutineGroup } from "./goroutine-dump.ts";
import type { Profile } from "./profile.ts";
import { ProfileBuilder } from "./profile-builder.ts";

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
  const sampleType = { type: dump.leakProfile ? "goroutineleak" : "goroutine", unit: "count" };
  const builder = new ProfileBuilder({
    sampleTypes: [sampleType],
    periodType: sampleType,
    period: 1n,
  });
  for (const group of dump.groups) {
    const base = baseFrame(group, options.by);
    const frames = base === undefined ? group.frames : [...group.frames, base];
    const stack = frames.map((frame) => builder.internFrame(frame));
    const labels = group.state === "" ? group.labels : { state: group.state, ...group.labels };
    builder.addSample(
      stack,
      [group.count],
      Object.entries(labels).map(([key, text]) => ({ key, text })),
    );
  }
  return builder.build();
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

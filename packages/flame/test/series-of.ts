/** Series of heaps as services draw them: leaks, and what only looks like one. */
import { buildCallTree, type CallTree } from "@watertight/flame";
import { profileOf } from "./profile-of.ts";

/** Repeatable numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal noise of deviation 1. */
export function noise(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Value of one stack, in MiB, at each capture. */
export type Course = (capture: number, captures: number) => number;

export interface SeriesOf {
  readonly trees: readonly CallTree[];
  readonly atMs: readonly number[];
}

/** One call tree a minute from the courses of stacks such as `main;serve;parse`. */
export function seriesOf(courses: Readonly<Record<string, Course>>, captures: number): SeriesOf {
  const trees = Array.from({ length: captures }, (_, capture) =>
    buildCallTree(
      profileOf(
        Object.entries(courses).map(([stack, course]) => ({
          frames: stack.split(";"),
          value: Math.max(0, Math.round(course(capture, captures) * 2 ** 20)),
        })),
      ),
    ),
  );
  return { trees, atMs: trees.map((_, capture) => capture * 60_000) };
}

/** A service at rest: a dozen stacks that hold what they hold, give or take. */
export function steadyStacks(random: () => number, level = 10): Record<string, Course> {
  const courses: Record<string, Course> = {};
  for (let stack = 0; stack < 12; stack++) {
    const size = level * (0.2 + random());
    const wobble = size * 0.06 * random();
    courses[`main;serve;handler${stack % 4};step${stack};alloc`] = () =>
      size + wobble * noise(random);
  }
  return courses;
}

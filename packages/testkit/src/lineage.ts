/**
 * Who set a function in motion that has been resumed since: V8 knows those that await it, and of
 * one that nobody awaits (`void poll()`) only the stack of its first await still knew.
 */
import type { Frame } from "@watertight/finding";
import { isSameFunction } from "./leak.ts";
import { ownerOf, type Place } from "./stack-frame.ts";

const RESUMES = /^process\.processTicksAndRejections$|^runMicrotasks$/;

/**
 * A stack taken in a resumed function, with what its first await had below it.
 * @param origin leaf first; as it is when it is of another function
 */
export function withOrigin(frames: readonly Place[], origin: readonly Place[]): readonly Place[] {
  const root = rootOf(frames);
  if (root === undefined) return frames;
  const start = origin.findIndex((frame) => isSameFunction(frame, root));
  if (start === -1) return frames;
  const known = frames.slice(0, frames.lastIndexOf(root) + 1);
  return [...known, ...origin.slice(start + 1)];
}

/** The outermost function of a stack when nothing but a microtask called it. */
function rootOf(frames: readonly Place[]): Place | undefined {
  const root = frames.findLast((frame) => !RESUMES.test(frame.function));
  return root === undefined || isForeign(root) ? undefined : root;
}

/** The runtime and the runner call functions afresh. */
function isForeign(frame: Frame): boolean {
  return ["runtime", "runner", "testkit"].includes(ownerOf(frame));
}

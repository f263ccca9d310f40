/**
 * The name under which a group of goroutines is followed from capture to
 * capture, and from before a fix to after it.
 *
 * It holds the wait reason, the functions of the stack (leaf first) and the
 * function that started it. It holds no line numbers, so a new build in which the code
 * has moved keeps its keys, and no `runtime.` frames, because the formats differ
 * in how many of them they print. Groups of one dump that share a key are to be added up.
 *
 * The creator of a suspended task of Node is its outermost frame, so its key does without.
 */
import type { GoroutineGroup } from "@watertight/profile";
import { normaliseFunctionName } from "./function-name.ts";

/** A goroutine in one of these is on its way, not waiting: they count as one state. */
const MOVING_STATES: ReadonlySet<string> = new Set([
  "running",
  "runnable",
  "syscall",
  "preempted",
  "copystack",
  "waiting",
]);

/** The wait reason as a key holds it: `moving` for every state that is no wait. */
export function stateClass(state: string): string {
  return MOVING_STATES.has(state) ? "moving" : state;
}

/** Key of a group, stable across captures, builds and formats; e.g. `chan send|main.worker<-main.start`. */
export function groupKey(group: GoroutineGroup): string {
  const functions: string[] = [];
  for (const frame of group.frames) {
    if (!frame.function.startsWith("runtime."))
      functions.push(normaliseFunctionName(frame.function));
  }
  const isTask = group.state === "await" || group.state === "yield";
  const creator = group.createdBy && !isTask ? normaliseFunctionName(group.createdBy.function) : "";
  return `${stateClass(group.state)}|${functions.join("<")}<-${creator}`;
}

/** Key of the tasks at one await: a function often has several, one that leaks beside others that do not. */
export function awaitKey(group: GoroutineGroup): string {
  const awaits = group.frames.map(({ function: name, file, line }) => `${name}@${file}:${line}`);
  return `${group.state}|${awaits.join("<")}`;
}

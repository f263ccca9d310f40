/** One thing that a scope left, before it is put into words. */
import type { Fix, Frame } from "@watertight/finding";
import type { TestCause } from "./cause.ts";
import type { Place } from "./stack-frame.ts";

/** A leak with its stack. Leaks of one cause and place become one finding. */
export interface Leak {
  readonly cause: TestCause;
  readonly title: string;
  readonly fix: Fix;
  /** Where it is stuck, or where it was opened. */
  readonly site: Frame | undefined;
  /** Leaf first, the frames of the program and its dependencies. */
  readonly frames: readonly Frame[];
  /** What else speaks for it: whole sentences. */
  readonly notes: readonly string[];
  readonly unit: "tasks" | "occurrences";
  /** `proven`: the runtime still holds it, or it can no longer end. */
  readonly certainty: "proven" | "likely";
  readonly state?: string;
  /** When it began; see `nextMoment`. */
  readonly moment: number;
}

/** Key of a place: two awaits of one line are two. */
export function placeKey(frame: Frame | undefined): string {
  if (frame === undefined) return "";
  const { column = 0 } = frame as Partial<Place>;
  return `${frame.file}:${frame.line}:${column}`;
}

/** Whether two frames run the same function, wherever in it. */
export function isSameFunction(one: Frame, other: Frame): boolean {
  return one.file === other.file && one.function === other.function;
}

const NEAR_LINES = 2;

/** Whether a call and an await are of one statement, which may span lines. */
export function isCallerAt(caller: Frame, awaiting: Frame): boolean {
  return isSameFunction(caller, awaiting) && Math.abs(caller.line - awaiting.line) <= NEAR_LINES;
}

/** What a check lets pass, in sentences. */
import type { Frame } from "@watertight/finding";
import { TestkitError } from "./errors.ts";
import { creatorOf } from "./build-findings.ts";
import { isCallerAt, type Leak } from "./leak.ts";
import { captureTrace } from "./trace.ts";
import { nextMoment } from "./scope.ts";

/** One thing that a check lets pass, or how long it waits. Made by the functions of this file. */
export interface CheckOption {
  readonly passes?: (leak: Leak) => boolean;
  readonly maxWaitMs?: number;
}

const WAIT_MS_DEFAULT = 500;
const WAIT_MS_MAX = 60_000;

/** Lets pass what is stuck in, or was opened by, a function of this name (`Pool.poll`, `poll`). */
export function ignoreTopFunction(name: string): CheckOption {
  checkName(name);
  return { passes: ({ site }) => site !== undefined && isNamed(site, name) };
}

/** Lets pass what has a function of this name anywhere below it on its stack. */
export function ignoreCreatedBy(name: string): CheckOption {
  checkName(name);
  return {
    passes: (leak) =>
      [...leak.frames, creatorOf(leak)].some(
        (frame) => frame !== undefined && isNamed(frame, name),
      ),
  };
}

/** Lets pass what is already there when this is called, such as a pool that the test opened first. */
export function ignoreCurrent(): CheckOption {
  const now = nextMoment();
  return { passes: ({ moment }) => moment <= now };
}

/** Lets pass the awaits of those that wait for this very check. */
export function passCallers(above: (...args: never[]) => unknown): CheckOption {
  const { frames } = captureTrace(above);
  return {
    passes: ({ unit, site }) =>
      unit === "tasks" && site !== undefined && frames.some((frame) => isCallerAt(frame, site)),
  };
}

/** How long late finishers are waited for; 500 ms by default, 0 to 60,000. A clean test never waits. */
export function maxWaitMs(durationMs: number): CheckOption {
  if (!(durationMs >= 0 && durationMs <= WAIT_MS_MAX)) {
    throw new TestkitError(
      "WT_TESTKIT_OPTION",
      `maxWaitMs goes from 0 to 60000, not ${durationMs}`,
    );
  }
  return { maxWaitMs: durationMs };
}

/** The wait that the options ask for; the last one that says so counts. */
export function waitOf(options: readonly CheckOption[]): number {
  return options.findLast((option) => option.maxWaitMs !== undefined)?.maxWaitMs ?? WAIT_MS_DEFAULT;
}

/** The leaks that no option lets pass. */
export function withoutIgnored(
  leaks: readonly Leak[],
  options: readonly CheckOption[],
): readonly Leak[] {
  return leaks.filter((leak) => !options.some(({ passes }) => passes?.(leak) === true));
}

function checkName(name: string): void {
  if (name.trim() === "") throw new TestkitError("WT_TESTKIT_OPTION", "a function's name is empty");
}

/** `poll` also names `Pool.poll` and `async Pool.poll`. */
function isNamed(frame: Frame, name: string): boolean {
  return frame.function === name || frame.function.endsWith(`.${name}`);
}

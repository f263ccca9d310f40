/** Suspended async functions, each with those that wait for it folded into its await stack. */
import type { BlockedOperation } from "@watertight/flow";
import type { Fix, Frame } from "@watertight/finding";
import { fixOf, titleOf, type TestCause } from "../cause.ts";
import { classifyAwait } from "../classify-await.ts";
import { isCallerAt, isSameFunction, type Leak } from "../leak.ts";
import { withOrigin } from "../lineage.ts";
import type { Scope } from "../scope.ts";
import { appFrames, ownerOf } from "../stack-frame.ts";
import { suspendedAwaits, type AwaitRecord } from "../watches/awaits.ts";
import { countAborted } from "../watches/births.ts";
import { isOfEvaluation } from "./evaluation.ts";
import type { HandleLeak } from "./handle-leaks.ts";

interface Suspended {
  readonly record: AwaitRecord;
  readonly frames: readonly Frame[];
  /** The await itself. */
  readonly top: Frame;
}

/** What the awaits leave, and which handles they explain (the timer that a sleep waits with). */
export function findAwaitLeaks(
  scope: Scope,
  handles: readonly HandleLeak[],
): { readonly leaks: readonly Leak[]; readonly explained: ReadonlySet<Leak> } {
  const suspended = suspendedAwaits(scope).flatMap((record) => readSuspended(record, scope));
  const explained = new Set<Leak>();
  const leaks = leaves(suspended).map((leaf): Leak => {
    const timers = handles.filter(
      (handle) => isTimer(handle) && isStartedBy(handle, leaf) && !explained.has(handle),
    );
    for (const timer of timers) explained.add(timer);
    return describe(leaf, timers, scope);
  });
  return { leaks, explained };
}

/**
 * Callbacks that a `then` of the program itself waits to call. Whatever else is left explains
 * them better, so they are asked about only where nothing else is.
 */
export function findThenLeaks(scope: Scope): readonly Leak[] {
  return suspendedAwaits(scope).flatMap((record) => {
    const frames = readFrames(record, scope);
    const [call, site] = frames;
    if (call?.function !== "Promise.then" || site === undefined || ownerOf(site) !== "app")
      return [];
    const leaf = { record, frames: frames.slice(1), top: site };
    return [
      { ...describe(leaf, [], scope), title: "A then waits for a promise that nothing settled" },
    ];
  });
}

/** An await of the program: not one whose stack was not affordable, not a `then`, and not the runner's or the runtime's own. */
function readSuspended(record: AwaitRecord, scope: Scope): readonly Suspended[] {
  const frames = readFrames(record, scope);
  const top = frames[0];
  if (top === undefined || ["runtime", "runner"].includes(ownerOf(top))) return [];
  return appFrames(frames).length === 0 ? [] : [{ record, frames, top }];
}

function readFrames({ trace, origin }: AwaitRecord, scope: Scope): readonly Frame[] {
  if (isOfEvaluation(trace, scope)) return [];
  const whole = withOrigin(trace?.frames ?? [], origin?.frames ?? []);
  return whole.filter((frame) => ownerOf(frame) !== "testkit");
}

/** Those that wait for no other one: whoever awaits a suspended function is in that one's stack. */
function leaves(suspended: readonly Suspended[]): readonly Suspended[] {
  return suspended.filter(
    (one) =>
      !suspended.some(
        (other) =>
          other !== one &&
          other.frames.slice(1).some((frame) => isCallerAt(frame, one.top)) &&
          !one.frames.slice(1).some((frame) => isCallerAt(frame, other.top)),
      ),
  );
}

function isTimer({ kind }: HandleLeak): boolean {
  return kind === "timer" || kind === "immediate";
}

/** Set by the function that awaits, or made into the promise that it awaits. */
function isStartedBy(handle: HandleLeak, { frames, top }: Suspended): boolean {
  if (handle.frames.some((frame) => isSameFunction(frame, top))) return true;
  return (
    handle.isPromised && handle.frames.some((frame) => frames.some((own) => isCallerAt(frame, own)))
  );
}

function describe(leaf: Suspended, timers: readonly HandleLeak[], scope: Scope): Leak {
  const { frames, record } = leaf;
  const site = frames.find((frame) => ownerOf(frame) === "app") as Frame;
  const sleep = timers.find(({ isPromised }) => isPromised);
  const cause = causeOf(leaf, site, sleep, scope);
  const isGone = record.awaited !== undefined && record.awaited.deref() === undefined;
  const goesOn = isOfLater(record, scope);
  return {
    cause,
    title: titleFor(cause, goesOn),
    fix: cause === "timer-loop" && goesOn ? LOOP_FIX : (sleep?.fix ?? fixOf(cause)),
    site,
    frames: frames.filter((frame) => ownerOf(frame) !== "runner"),
    unit: "tasks",
    certainty: isGone ? "proven" : "likely",
    state: "await",
    moment: record.moment,
    notes: [
      ...(isGone
        ? ["What it awaited was collected: nothing can wake it, and its finally never runs."]
        : []),
      ...timers.map(describeTimer),
      ...describeAborted(cause, scope),
    ],
  };
}

function describeTimer({ isPromised, site, title }: HandleLeak): string {
  if (isPromised) return "It waits with a timer that is still set.";
  return `${title} that it left, at line ${site?.line ?? 0}.`;
}

/** Whether it began after the test's own code had ended. */
function isOfLater({ moment }: AwaitRecord, { endedAt }: Scope): boolean {
  return endedAt !== undefined && moment > endedAt;
}

function causeOf(
  { record, top }: Suspended,
  site: Frame,
  sleep: Leak | undefined,
  scope: Scope,
): TestCause {
  const isAborted = countAborted(scope) > 0;
  const goesOn = isOfLater(record, scope);
  if (isAborted && (goesOn || sleep !== undefined)) return "context-ignored";
  if (sleep !== undefined || goesOn) return "timer-loop";
  const blocked = listBlockedOperations().find(({ sinceMs }) => sinceMs >= scope.startedMs);
  const shape = classifyAwait(site);
  if (shape !== "promise-pending") return shape;
  if (top !== site && classifyAwait(top) !== "promise-pending") return classifyAwait(top);
  if (blocked !== undefined) return blocked.kind === "send" ? "channel-send" : "channel-receive";
  return isAborted ? "context-ignored" : "promise-pending";
}

/** What waits on channels of any copy of `@watertight/flow`, read where each of them keeps it. */
function listBlockedOperations(): readonly BlockedOperation[] {
  const registries = globalThis as { [key: symbol]: Iterable<BlockedOperation> | undefined };
  return [...(registries[Symbol.for("watertight.flow.blocked")] ?? [])];
}

function titleFor(cause: TestCause, goesOn: boolean): string {
  if (cause !== "timer-loop") return titleOf(cause);
  return goesOn
    ? "An async function still runs after its test"
    : "An async function still sleeps after its test";
}

const LOOP_FIX: Fix = {
  ...fixOf("timer-loop"),
  summary: "Let the loop end with its work: give it a signal, and look at it in every round.",
  example: "while (!signal.aborted) {\n  await poll({ signal });\n}",
};

function describeAborted(cause: TestCause, scope: Scope): readonly string[] {
  if (cause !== "context-ignored") return [];
  const aborted = countAborted(scope);
  return [`${aborted} ${aborted === 1 ? "signal" : "signals"} of this test had been aborted.`];
}

/** Timers and handles that the program opened and the runtime still holds. */
import { titleOf } from "../cause.ts";
import type { Frame } from "@watertight/finding";
import type { Leak } from "../leak.ts";
import type { Scope } from "../scope.ts";
import { appFrames, firstOwned, ownerOf } from "../stack-frame.ts";
import type { HandleKind, HandleRecord } from "../watches/handles.ts";
import { holdsProcess, livingHandles, repeats } from "../watches/handles.ts";
import { fixFor } from "./handle-fixes.ts";
import { isOfEvaluation } from "./evaluation.ts";
import { withOrigin } from "../lineage.ts";
import {
  carriesResponse,
  isStandardStream,
  isUndiciConnection,
  ownerOfHandle,
} from "../watches/idle-connection.ts";

/** A leak that is a handle. */
export interface HandleLeak extends Leak {
  readonly kind: HandleKind;
  /** Opened to be awaited: by `node:timers/promises`, or while a promise was made. */
  readonly isPromised: boolean;
}

/** The handles of a scope that are the program's to close. */
export function findHandleLeaks(scope: Scope): readonly HandleLeak[] {
  return livingHandles(scope).flatMap((record) => {
    const leak = describe(record, scope);
    return leak === undefined ? [] : [leak];
  });
}

function describe(record: HandleRecord, scope: Scope): HandleLeak | undefined {
  const frames = framesOf(record);
  const site = appFrames(frames)[0];
  const isTimer = record.kind === "timer" || record.kind === "immediate";
  if (
    site === undefined ||
    isPartOfWorker(record, frames) ||
    isOthersToClose(record, isTimer) ||
    isOfModule(record, scope)
  ) {
    return undefined;
  }
  return {
    kind: record.kind,
    isPromised: isPromised(frames, site),
    cause: isTimer ? "timer-loop" : "handle-leak",
    title: titleFor(record),
    fix: fixFor(record, frames),
    site,
    frames: withoutOpener(frames.filter((frame) => ownerOf(frame) !== "runner")),
    unit: "occurrences",
    certainty: "proven",
    moment: record.moment,
    notes: isUnrefd(record) ? ["It is unref'd, so the process may end, but it stays."] : [],
  };
}

/** What a module starts when it is first loaded is no test's, whichever of them comes first. */
function isOfModule({ trace, asked }: HandleRecord, scope: Scope): boolean {
  return [trace, asked].some((each) => isOfEvaluation(each, scope));
}

function isPromised(frames: readonly Frame[], site: Frame): boolean {
  const below = frames.slice(0, frames.indexOf(site) + 2);
  return below.some(
    ({ file, function: name }) => /^node:timers\/promises$/.test(file) || name === "new Promise",
  );
}

/** Of a timer that has not rung; what else is unref'd is so by its own design. */
function isUnrefd(record: HandleRecord): boolean {
  return record.kind === "timer" && !holdsProcess(record);
}

/** A worker's own ports and pipes end with it. */
function isPartOfWorker({ kind }: HandleRecord, frames: readonly Frame[]): boolean {
  if (kind === "worker") return false;
  return withoutApp(frames).some(({ function: name }) => name === "new Worker");
}

/** The runtime's own steps below the call that opened it. */
function withoutApp(frames: readonly Frame[]): readonly Frame[] {
  const call = frames.findIndex((frame) => ownerOf(frame) !== "runtime");
  return frames.slice(0, Math.max(0, call));
}

const OPENS_TIMERS = /^node:(?:(?:internal\/)?timers)/;

/** Where the program asked for it; its own stack may be the runtime's alone, in a later turn. */
function framesOf({ kind, trace, asked, origin }: HandleRecord): readonly Frame[] {
  const own = trace?.frames ?? [];
  const frames = kind === "server" && !isAsked(own) ? (asked?.frames ?? own) : own;
  return withOrigin(frames, origin?.frames ?? []).filter((frame) => ownerOf(frame) !== "testkit");
}

/** Below the call that opened it are the runtime's own steps. */
function withoutOpener(frames: readonly Frame[]): readonly Frame[] {
  return frames.slice(frames.findIndex((frame) => ownerOf(frame) !== "runtime"));
}

/** Whether a stack says who asked, even if that is the runner. */
function isAsked(frames: readonly Frame[]): boolean {
  return firstOwned(frames) !== undefined;
}

function isOthersToClose(record: HandleRecord, isTimer: boolean): boolean {
  const frames = framesOf(record);
  const first = firstOwned(frames);
  if (first !== undefined && ownerOf(first) === "runner") return true;
  if (isTimer) {
    const opener = frames.find(({ file }) => file !== "" && !OPENS_TIMERS.test(file));
    // A timer that the runtime or a pool keeps for itself; an unref'd one holds up nobody.
    if (opener !== undefined && ownerOf(opener) === "runtime") return true;
    return opener !== undefined && ownerOf(opener) === "dependency" && !holdsProcess(record);
  }
  const socket = ownerOfHandle(record.resource.deref());
  return (
    socket !== undefined &&
    [isUndiciConnection, carriesResponse, isStandardStream].some((isOthers) => isOthers(socket))
  );
}

function titleFor(record: HandleRecord): string {
  if (record.kind === "worker") return "A worker is still running";
  if (record.kind === "child process") return "A child process is still running";
  if (record.kind === "timer" && repeats(record)) return "An interval is still set";
  if (record.kind === "timer") return titleOf("timer-loop");
  if (record.kind === "immediate") return "An immediate is still queued";
  return `A ${record.kind} is still open`;
}

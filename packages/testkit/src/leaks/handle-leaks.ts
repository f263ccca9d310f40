/** Timers and handles that the program opened and the runtime still holds. */
import { titleOf } from "../cause.ts";
import type { Frame } from "@watertight/finding";
import type { Leak } from "../leak.ts";
import type { Scope } from "../scope.ts";
import { appFrames, firstOwned, ownerOf } from "../stack-frame.ts";
import type { HandleKind, HandleRecord } from "../watches/handles.ts";
import { holdsProcess, livingHandles, repeats } from "../watches/handles.ts";
import {
  carriesResponse,
  isStandardStream,
  isUndiciConnection,
  ownerOfHandle,
} from "../watches/idle-connection.ts";

/** A leak that is a handle. */
export interface HandleLeak extends Leak {
  readonly kind: HandleKind;
}

/** The handles of a scope that are the program's to close. */
export function findHandleLeaks(scope: Scope): readonly HandleLeak[] {
  return livingHandles(scope).flatMap((record) => {
    const leak = describe(record);
    return leak === undefined ? [] : [leak];
  });
}

function describe(record: HandleRecord): HandleLeak | undefined {
  const frames = framesOf(record);
  const site = appFrames(frames)[0];
  const isTimer = record.kind === "timer" || record.kind === "immediate";
  if (site === undefined || isOthersToClose(record, isTimer)) return undefined;
  const cause = isTimer ? "timer-loop" : "handle-leak";
  return {
    kind: record.kind,
    cause,
    title: titleFor(record),
    site,
    frames: withoutOpener(frames.filter((frame) => ownerOf(frame) !== "runner")),
    unit: "occurrences",
    certainty: "proven",
    moment: record.moment,
    notes: holdsProcess(record) ? [] : ["It is unref'd, so the process may end, but it stays."],
  };
}

const OPENS_TIMERS = /^node:(?:(?:internal\/)?timers)/;

/** Where the program asked for it; its own stack may be the runtime's alone, in a later turn. */
function framesOf({ kind, trace, origin }: HandleRecord): readonly Frame[] {
  const own = trace?.frames ?? [];
  const frames = kind === "server" && !isAsked(own) ? (origin?.frames ?? own) : own;
  return frames.filter((frame) => ownerOf(frame) !== "testkit");
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
  if (framesOf(record).some(({ function: name }) => name === "new Worker")) {
    return "A worker is still running";
  }
  if (record.kind === "timer" && repeats(record)) return "An interval is still set";
  if (record.kind === "timer") return titleOf("timer-loop");
  if (record.kind === "immediate") return "An immediate is still queued";
  const article = /^[aeiou]/i.test(record.kind) ? "An" : "A";
  return `${article} ${record.kind} is still open`;
}

/**
 * Tasks queue for a mutex, a semaphore or a pool, and whoever holds it does not give it back: it is suspended
 * itself, or has ended without a release.
 *
 * Looks alike: contention, and a pool under load. Their queues move from capture to capture.
 */
import type { Evidence } from "@watertight/finding";
import { describeFrame } from "../../evidence.ts";
import type { DumpView } from "../../view/dump-view.ts";
import type { GroupView } from "../../view/group-view.ts";
import type { Rule } from "../rule.ts";
import {
  atAwait,
  creatorOf,
  hasWord,
  taskEvidence,
  waitingWords,
  waitsInFlow,
  wakerWords,
} from "./task-words.ts";

const LOCKS: readonly string[] = [
  "mutex",
  "mutexes",
  "semaphore",
  "lock",
  "locks",
  "permit",
  "permits",
];
const ACQUIRING: readonly string[] = ["acquire", "lock", "mutex", "semaphore", "permit"];

export const lockHeld: Rule = {
  cause: "lock-held",
  fix: {
    summary:
      "Release in finally, take locks in one order, and do not wait for the network while holding one.",
    example: `// before
await mutex.lock();
const token = await fetchToken(); // throws, or never answers: everybody waits
mutex.unlock();

// after
await mutex.lock();
try {
  return await fetchToken({ signal: AbortSignal.timeout(5000) });
} finally {
  mutex.unlock();
}`,
  },
  match(view, dump) {
    if (view.siteIndex < 0 || view.group.state !== "await" || !waitsForLock(view)) return undefined;
    const holder = findHolder(view, dump);
    const waiting = taskEvidence(
      view,
      `${view.group.count} tasks queue for a lock ${atAwait(view)}.`,
    );
    return {
      title:
        holder === undefined
          ? "A lock is never released"
          : "Tasks queue for a lock whose holder is suspended itself",
      patience: "never-idle",
      creator: creatorOf(view),
      evidence: [waiting[0] as Evidence, describeHolder(holder), ...waiting.slice(1)],
    };
  },
};

/** True for tasks that wait in a lock. A channel that is used as one is told as a channel. */
function waitsForLock(view: GroupView): boolean {
  if (waitsInFlow(view)) return false;
  return hasWord(wakerWords(view), LOCKS) || hasWord(waitingWords(view), ACQUIRING);
}

/**
 * Tasks inside a function that the waiters are in, at another line: past the lock, unless they gave it
 * back on the way. Those that wait for something else than a lock first.
 */
function findHolder(view: GroupView, dump: DumpView): GroupView | undefined {
  const callers = view.group.frames.slice(view.siteIndex);
  const candidates = new Set<GroupView>();
  for (const caller of callers) {
    for (const other of dump.groupsInside(caller.function)) {
      const isElsewhere = other.group.frames.some(
        (frame) =>
          frame.function === caller.function &&
          frame.file === caller.file &&
          frame.line !== caller.line,
      );
      if (other !== view && isElsewhere) candidates.add(other);
    }
  }
  const all = [...candidates];
  return all.find((other) => !waitsForLock(other)) ?? all[0];
}

function describeHolder(holder: GroupView | undefined): Evidence {
  if (holder === undefined) {
    return {
      text: "No suspended task is past that line: whoever took the lock has ended without releasing it.",
    };
  }
  const frame = holder.site ?? holder.group.frames[0];
  const place = frame === undefined ? "" : ` at ${describeFrame(frame)}`;
  return {
    text: `The task that may hold it is suspended itself${place}.`,
    frames: holder.group.frames,
    ids: [...holder.group.ids.subarray(0, 10)],
  };
}

/**
 * Findings that belong together, told as one: the first cause, and what follows from it.
 *
 * - rows or transactions that stay open exhaust the pool;
 * - the wait of a lock's holder is why everybody queues for the lock;
 * - a child process that nobody waits for keeps the goroutines that copy its output, beside the one that watches it;
 * - who should serve a channel is stuck itself, and those who send to it queue;
 * - a WaitGroup or errgroup waits because its children are stuck.
 */
import { compareSeverity, type Finding, type Frame, type Severity } from "@watertight/finding";
import { PEER_STUCK } from "./stalled-peer.ts";
import { enclosingFunction } from "./stack/function-name.ts";

const EFFECTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["sql-rows", ["sql-pool-exhausted"]],
  ["sql-tx", ["sql-pool-exhausted"]],
]);

/** Causes that wait for goroutines of their own. */
const WAITS_FOR_CHILDREN: ReadonlySet<string> = new Set(["waitgroup", "errgroup"]);

const LOCK_QUEUES: ReadonlySet<string> = new Set(["mutex-held", "lock-held"]);

/** Fills in `effects`. The input is left as it is. */
export function connectStories(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((cause) => {
    const effects = findings.filter((effect) => effect !== cause && brings(cause, effect));
    if (effects.length === 0) return cause;
    const severity = worstOf([cause, ...effects]);
    return Object.assign({}, cause, { severity, effects: effects.map(({ id }) => id) });
  });
}

/** What brings something about is as bad as that. */
function worstOf(findings: readonly Finding[]): Severity {
  const [worst] = findings.map(({ severity }) => severity).toSorted(compareSeverity);
  return worst as Severity;
}

function brings(cause: Finding, effect: Finding): boolean {
  if (EFFECTS.get(cause.cause)?.includes(effect.cause) === true) return true;
  if (cause.cause === "exec-no-wait" && effect.cause === cause.cause)
    return isCopier(effect) && !isCopier(cause);
  if (WAITS_FOR_CHILDREN.has(effect.cause) && !WAITS_FOR_CHILDREN.has(cause.cause))
    return isChild(cause, effect);
  if (isStalledBy(effect, cause)) return true;
  return LOCK_QUEUES.has(effect.cause) && !LOCK_QUEUES.has(cause.cause) && isHolder(cause, effect);
}

/** The effect's evidence names the cause's place as that of its stuck peer. */
function isStalledBy(effect: Finding, cause: Finding): boolean {
  return effect.evidence.some(
    ({ text, frames }) =>
      text.startsWith(PEER_STUCK) &&
      frames?.some((frame) => isSameLine(frame, cause.site)) === true,
  );
}

function isCopier({ site }: Finding): boolean {
  return site?.function.startsWith("os/exec.(*Cmd).writerDescriptor") === true;
}

/** The stuck goroutine was written in the function that waits, or started by it. */
function isChild(child: Finding, parent: Finding): boolean {
  const waiting = homeOf(parent.site);
  return (
    waiting !== undefined && (homeOf(child.creator) === waiting || homeOf(child.site) === waiting)
  );
}

/** The queue's evidence shows the holder's stack, and that is where the other finding is stuck. */
function isHolder(holder: Finding, queue: Finding): boolean {
  return queue.evidence
    .slice(1)
    .some(({ frames }) => frames?.some((frame) => isSameLine(frame, holder.site)) === true);
}

function isSameLine(frame: Frame, other: Frame | undefined): boolean {
  return (
    other !== undefined &&
    frame.function === other.function &&
    frame.line === other.line &&
    frame.file === other.file
  );
}

function homeOf(frame: Frame | undefined): string | undefined {
  return frame === undefined ? undefined : enclosingFunction(frame.function);
}

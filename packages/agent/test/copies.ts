/** Copies of a process, as the rest of the system sees them. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What a copy calls itself. */
const COPY_NAME = "watertight-copy";
const LOOK_MS = 1;

/** Process ids of the children of a process, those that have ended and are not reaped included. */
export function listChildren(parent: number): readonly number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => readStat(pid)?.parent === parent);
}

/** The next copy of a process that has become one: it has let go of the service's files by then. */
export async function nextCopy(parent: number, signal: AbortSignal): Promise<number | undefined> {
  while (!signal.aborted) {
    const copy = listChildren(parent).find((pid) => readStat(pid)?.name === COPY_NAME);
    if (copy !== undefined) return copy;
    await sleep(LOOK_MS);
  }
  return undefined;
}

/** Whether a process is there and has not ended. */
export function isAlive(pid: number): boolean {
  return !["Z", "X", undefined].includes(readStat(pid)?.state);
}

/** Ends a process on the spot; false when it had ended. */
export function endNow(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

/** What the descriptors of a process lead to, one kind each. */
export function listOpenKinds(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`)
    .flatMap((file) => readKind(`/proc/${pid}/fd/${file}`))
    .toSorted();
}

/** None of a descriptor that was closed after it was listed. */
function readKind(file: string): readonly string[] {
  try {
    return [readlinkSync(file).replace(/:\[\d+\]$/, "")];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

interface ProcessStat {
  readonly name: string;
  readonly state: string;
  readonly parent: number;
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [, name = "", state = "", parent = ""] = /\((.*)\) (\S) (\d+)/.exec(text) ?? [];
    return { name, state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

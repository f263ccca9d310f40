/**
 * Where a local command finds the agent of a process: a file that only the process's own user
 * can read, with the agent's address and token.
 */
import { constants } from "node:fs";
import { lstat, open, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the file holds. */
export interface AgentAddress {
  readonly url: string;
  readonly token: string;
  /** When the process started, as Linux counts; a process id can be given out again. */
  readonly startedAt?: string;
}

const FILE_BYTES_MAX = 4096;
const loopback = /^http:\/\/(127\.\d+\.\d+\.\d+|\[::1\]|localhost):\d+(\/[\w.~-]+)*$/;

/** The folder of this user's agents. */
export function agentFolder(): string {
  return join(tmpdir(), `watertight-agents-${process.getuid?.() ?? "own"}`);
}

/** The file of one process. */
export function agentFile(pid: number): string {
  return join(agentFolder(), `${pid}.json`);
}

/** When a process started, in clock ticks since boot (proc(5), field 22); undefined where unknown. */
export async function readStartTime(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name in parentheses may hold anything, also spaces.
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

/**
 * The agent of a local process; undefined when it has none. A file is believed only when nobody
 * but this user could have written it, and when it leads to this machine itself.
 */
export async function readAgentAddress(pid: number): Promise<AgentAddress | undefined> {
  const folder = await lstat(agentFolder()).catch(() => undefined);
  if (!folder?.isDirectory() || !isOursAlone(folder)) return undefined;
  const file = await open(agentFile(pid), constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    () => undefined,
  );
  if (!file) return undefined;
  try {
    const stats = await file.stat();
    if (!stats.isFile() || !isOursAlone(stats) || stats.size > FILE_BYTES_MAX) return undefined;
    const address = parseAddress(await file.readFile("utf8"));
    const isStale =
      address?.startedAt !== undefined && address.startedAt !== (await readStartTime(pid));
    return isStale ? undefined : address;
  } finally {
    await file.close();
  }
}

/** Whether this user owns it and nobody else may touch it. */
function isOursAlone({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  if (process.getuid === undefined) return true;
  return uid === process.getuid() && (mode & 0o077) === 0;
}

function parseAddress(text: string): AgentAddress | undefined {
  try {
    const { url, token, startedAt } = JSON.parse(text) as Record<string, unknown>;
    if (typeof url !== "string" || !loopback.test(url) || typeof token !== "string") {
      return undefined;
    }
    return { url, token, ...(typeof startedAt === "string" ? { startedAt } : {}) };
  } catch {
    return undefined;
  }
}

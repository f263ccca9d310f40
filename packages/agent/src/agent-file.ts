/** Announces the agent of this process in a file that only this process's own user can read. */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type AgentAddress, agentFile, agentFolder } from "@watertight/capture/in-process";

/** Writes the file; the result removes it. Throws when the folder is not this user's alone. */
export function publishAddress(address: AgentAddress): () => void {
  const folder = agentFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  // Anybody could have made the folder first, or a link, in a temporary folder that all share.
  const isOurs = process.getuid === undefined || stats.uid === process.getuid();
  if (!stats.isDirectory() || !isOurs) throw new Error(`${folder} belongs to somebody else`);
  if ((stats.mode & 0o077) !== 0) throw new Error(`${folder} is open to others`);
  sweep(folder);
  const file = agentFile(process.pid);
  const draft = `${file}.${process.hrtime.bigint()}`;
  const startedAt = readOwnStartTime();
  writeFileSync(draft, JSON.stringify({ ...address, ...(startedAt ? { startedAt } : {}) }), {
    mode: 0o600,
    flag: "wx",
  });
  renameSync(draft, file);
  return () => rmSync(file, { force: true });
}

/** See `readStartTime` of capture, which compares; here nothing may wait. */
function readOwnStartTime(): string | undefined {
  try {
    const text = readFileSync("/proc/self/stat", "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

const SWEPT_MAX = 100;

/** A process that was killed could not remove its file. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder).slice(0, SWEPT_MAX)) {
    const pid = Number.parseInt(name, 10);
    if (!isRunning(pid)) rmSync(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

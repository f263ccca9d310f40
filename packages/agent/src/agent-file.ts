/**
 * Where a local command finds the agent of a process: a file that only the process's own user
 * can read, with its address and token.
 */
import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** What the file holds. */
export interface AgentAddress {
  readonly url: string;
  readonly token: string;
}

/** The folder of this user's agents. */
export function agentFolder(): string {
  return join(tmpdir(), `watertight-agents-${userInfo().uid}`);
}

/** Writes the file of this process; the result removes it. Throws when the folder is not ours alone. */
export function publishAddress(address: AgentAddress): () => void {
  const folder = agentFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(folder);
  // Anybody could have made the folder first, in a temporary folder that all share.
  if (uid !== userInfo().uid) throw new Error(`${folder} belongs to another user`);
  if ((mode & 0o077) !== 0) chmodSync(folder, 0o700);
  const file = join(folder, `${process.pid}.json`);
  writeFileSync(file, JSON.stringify(address), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

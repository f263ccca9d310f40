/** The TCP ports that a local process listens on, from Linux's /proc (proc(5)). */
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { CaptureError } from "./errors.ts";

/** One listening socket, as a URL origin that reaches it from this machine. */
export interface ListeningPort {
  readonly host: string;
  readonly port: number;
}

const LISTEN_STATE = "0A";
const DESCRIPTORS_MAX = 1_000_000;

/**
 * Lists what a process listens on, loopback and wildcard addresses as 127.0.0.1 or [::1].
 *
 * @param proc where procfs is mounted
 * @throws {CaptureError} `WT_CAPTURE_PID_MISSING`, `WT_CAPTURE_PID_UNREADABLE`
 */
export async function findListeningPorts(
  pid: number,
  proc: string = "/proc",
): Promise<readonly ListeningPort[]> {
  const exists = await stat(`${proc}/${pid}`).catch(() => undefined);
  if (!exists) throw new CaptureError("WT_CAPTURE_PID_MISSING", String(pid));
  const inodes = await readSocketInodes(pid, proc);
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((table) => readFile(`${proc}/${pid}/net/${table}`, "utf8").catch(() => "")),
  );
  const ports = tables.flatMap((table) => parseSocketTable(table, inodes));
  return ports.filter(
    ({ port }, index) => ports.findIndex((other) => other.port === port) === index,
  );
}

async function readSocketInodes(pid: number, proc: string): Promise<ReadonlySet<string>> {
  const folder = `${proc}/${pid}/fd`;
  const names = await readdir(folder).catch(() => undefined);
  if (!names) throw new CaptureError("WT_CAPTURE_PID_UNREADABLE", String(pid));
  const inodes = new Set<string>();
  for (const name of names.slice(0, DESCRIPTORS_MAX)) {
    const link = await readlink(`${folder}/${name}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

/** Reads /proc/<pid>/net/tcp or tcp6: the sockets in LISTEN whose inode is among those given. */
function parseSocketTable(table: string, inodes: ReadonlySet<string>): ListeningPort[] {
  const ports: ListeningPort[] = [];
  for (const line of table.split("\n").slice(1)) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (local === undefined || state !== LISTEN_STATE || !inodes.has(inode ?? "")) continue;
    const [address = "", port = ""] = local.split(":");
    ports.push({ host: toHost(address), port: Number.parseInt(port, 16) });
  }
  return ports.toSorted((a, b) => a.port - b.port);
}

/** The kernel writes addresses as 32-bit words in host order, hexadecimal. */
function toHost(address: string): string {
  const bytes = (address.match(/.{8}/g) ?? []).flatMap(toBytes);
  if (bytes.every((byte) => byte === 0)) return "127.0.0.1";
  if (bytes.length === 4) return bytes.join(".");
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff;
  if (isMapped) return bytes.slice(12).join(".");
  const words = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return `[${words.join(":")}]`;
}

function toBytes(word: string): number[] {
  const bytes = (word.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return bytes.toReversed();
}

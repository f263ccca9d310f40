/** Whether a local process is one of Node that can be asked to open its inspector. */
import { readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { CaptureError } from "../errors.ts";

const NODE_NAME = /^node(?:js)?[\d.-]*(?: \(deleted\))?$/;
/** SIGUSR1 is 10: the tenth bit of a signal mask. */
const SIGUSR1_BIT = 1n << 9n;

/** Whether a process runs Node, as far as Linux tells. */
export async function isNodeProcess(pid: number, proc: string = "/proc"): Promise<boolean> {
  const exe = await readlink(`${proc}/${pid}/exe`).catch(() => "");
  if (NODE_NAME.test(basename(exe))) return true;
  const maps = await readFile(`${proc}/${pid}/maps`, "utf8").catch(() => "");
  return /\/libnode\.so/.test(maps);
}

/**
 * Throws unless SIGUSR1 is safe to send: a process that does not catch it would be ended by it,
 * as Node is under `--disable-sigusr1` and in its first moments.
 *
 * @throws {CaptureError} `WT_CAPTURE_INSPECTOR`
 */
export async function checkCatchesSignal(pid: number, proc: string = "/proc"): Promise<void> {
  const status = await readFile(`${proc}/${pid}/status`, "utf8").catch(() => "");
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (caught === undefined || (BigInt(`0x${caught}`) & SIGUSR1_BIT) === 0n) {
    throw new CaptureError(
      "WT_CAPTURE_INSPECTOR",
      `process ${pid} does not catch SIGUSR1, which would end it`,
    );
  }
}

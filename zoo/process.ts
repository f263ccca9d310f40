/** One running zoo service: start, wait for its address, stop. Every wait is bounded. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 2_000;
const STDERR_BYTES_MAX = 16_384;

/** A service that listens. Stop it when done; `await using` does. */
export interface RunningService {
  /** e.g. `http://127.0.0.1:40213`. */
  readonly url: string;
  readonly pid: number;
  /** What it wrote to stderr so far, the first 16 KiB. */
  readonly stderr: () => string;
  /** SIGTERM, then SIGKILL after two seconds. */
  readonly stop: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** What to run. */
export interface ServiceCommand {
  readonly binary: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a service and resolves with its address; rejects with what it wrote to stderr. */
export async function startService(command: ServiceCommand): Promise<RunningService> {
  const child = spawn(command.binary, command.args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...command.env },
  });
  let stderr = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    if (stderr.length < STDERR_BYTES_MAX) stderr += text;
  });
  const name = command.args.join(" ");
  const killOnExit = (): boolean => child.kill("SIGKILL");
  process.once("exit", killOnExit);
  child.once("exit", () => process.off("exit", killOnExit));
  try {
    const url = await readAddress(child);
    const stop = (): Promise<void> => stopChild(child);
    return { url, pid: child.pid ?? 0, stderr: () => stderr, stop, [Symbol.asyncDispose]: stop };
  } catch (cause) {
    await stopChild(child);
    throw new Error(`${name} did not start: ${stderr.trim() || String(cause)}`, { cause });
  }
}

async function readAddress(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("no standard output");
  const lines = createInterface({ input: child.stdout });
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  const line = once(lines, "line", { signal }).then(([text]) => String(text));
  const gone = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`it ended with ${String(code)}`);
  });
  const failed = once(child, "error", { signal }).then(([error]) => {
    throw error;
  });
  const text = await Promise.race([line, gone, failed]);
  gone.catch(() => undefined);
  failed.catch(() => undefined);
  const url = /^listening (http:\/\/\S+)/.exec(text)?.[1];
  if (url === undefined) throw new Error(`it said: ${text}`);
  return url;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

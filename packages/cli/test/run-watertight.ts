/** Runs the real command, as a user's shell would. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const launcher: string = fileURLToPath(new URL("../bin/watertight.js", import.meta.url));

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called once the process runs. */
  readonly during?: (child: ChildProcess) => void;
}

/** Runs `watertight` to its end. Colours are off unless `env` says otherwise. */
export async function runWatertight(
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { FORCE_COLOR: _, NO_COLOR: __, COLUMNS: ___, ...env } = process.env;
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...env, ...options.env },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input);
  options.during?.(child);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, ...output };
}

/** A folder that is gone when the test is. */
export function scratchFolder(): string & Disposable {
  const path = mkdtempSync(join(tmpdir(), "watertight-cli-"));
  return Object.assign(path, { [Symbol.dispose]: () => rmSync(path, { recursive: true }) });
}

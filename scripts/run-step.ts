/** Runs one command of a longer job, streaming what it prints. */
import { spawn } from "node:child_process";

export interface StepOutcome {
  readonly title: string;
  readonly ok: boolean;
  readonly seconds: number;
}

/** Runs `command` in `folder`; resolves when it ends, whatever its exit code. */
export function runStep(
  title: string,
  command: readonly string[],
  options: { readonly folder: string; readonly env?: Readonly<Record<string, string>> },
): Promise<StepOutcome> {
  console.log(`\n── ${title}: ${command.join(" ")}`);
  const startedMs = performance.now();
  const [program, ...args] = command as [string, ...string[]];
  const child = spawn(program, args, {
    cwd: options.folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...options.env },
  });
  return new Promise((resolve) => {
    const finish = (ok: boolean): void =>
      resolve({ title, ok, seconds: (performance.now() - startedMs) / 1000 });
    child.on("error", () => finish(false));
    child.on("exit", (code) => finish(code === 0));
  });
}

/** One running program of the Node zoo, and the servers that programs talk to. Every wait is bounded. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Gauges } from "./gauges.ts";
import { NODE_FOLDER, type ZooProgram } from "./list.ts";
import { nodeLoadOf } from "./truth.ts";

const ANSWER_MS_MAX = 20_000;
const STDERR_BYTES_MAX = 16_384;

/** Flags under which sources of this repository run. */
export const NODE_FLAGS: readonly string[] = [
  "--conditions=watertight-source",
  "--disable-warning=ExperimentalWarning",
  // Of its own, when SIGUSR1 opens it: several programs run at once.
  "--inspect-port=127.0.0.1:0",
];

/** The servers that programs talk to; `env` tells a program where they are. */
export interface RunningUpstream {
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => void;
  readonly [Symbol.dispose]: () => void;
}

/** A program at work in a process of its own. `using` ends it. */
export interface RunningProgram {
  readonly pid: number;
  /** Sends requests; resolves when all settled or were given up. */
  readonly run: (count: number) => Promise<{ readonly sent: number; readonly settled: number }>;
  /** Sends requests all at once; resolves as `run` does. */
  readonly burst: RunningProgram["run"];
  readonly gauges: () => Promise<Gauges>;
  /** Calls the program's own end; the process goes on. */
  readonly stopProgram: () => Promise<void>;
  readonly stderr: () => string;
  readonly kill: () => void;
  readonly [Symbol.dispose]: () => void;
}

/** Starts the servers. */
export async function startUpstream(): Promise<RunningUpstream> {
  const child = startNode([join(NODE_FOLDER, "upstream.ts")], {});
  const [, url = "", port = ""] = (await child.nextLine()).split(" ");
  return {
    env: { UPSTREAM_URL: url, UPSTREAM_TCP_PORT: port },
    stop: child.kill,
    [Symbol.dispose]: child.kill,
  };
}

/** How a program is started. */
export interface StartOptions {
  /** The Node that runs it, this one by default. */
  readonly execPath?: string;
  /** Whether the agent is in it. */
  readonly agent?: "registered" | "none";
}

const AGENT = join(NODE_FOLDER, "../../packages/agent/src/register.ts");

/** Starts a program and resolves once it said that it is ready. */
export async function startProgram(
  program: ZooProgram,
  upstream: RunningUpstream,
  { execPath, agent = "none" }: StartOptions = {},
): Promise<RunningProgram> {
  const { giveUpMs } = nodeLoadOf(program);
  const flags = agent === "registered" ? [`--import=${AGENT}`] : [];
  const args = [...flags, join(NODE_FOLDER, "run.ts"), program.path, String(giveUpMs)];
  const child = startNode(args, upstream.env, execPath);
  const ask = async <T>(command: string): Promise<T> => {
    child.stdin.write(`${command}\n`);
    return JSON.parse(await child.nextLine()) as T;
  };
  await child.nextLine();
  return {
    pid: child.pid,
    run: (count) => ask(`run ${count}`),
    burst: (count) => ask(`burst ${count}`),
    gauges: () => ask("gauges"),
    stopProgram: async () => void (await ask("stop")),
    stderr: child.stderr,
    kill: child.kill,
    [Symbol.dispose]: child.kill,
  };
}

interface NodeChild {
  readonly pid: number;
  readonly stdin: Writable;
  readonly nextLine: () => Promise<string>;
  readonly stderr: () => string;
  readonly kill: () => void;
}

function startNode(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  execPath: string = process.execPath,
): NodeChild {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    execPath,
    [...NODE_FLAGS, ...args],
    { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } },
  );
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (stderr.length < STDERR_BYTES_MAX) stderr += text;
  });
  child.stdin.on("error", () => undefined);
  const lines: string[] = [];
  let waiting: PromiseWithResolvers<string> | undefined;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (waiting === undefined) lines.push(line);
    else waiting.resolve(line);
    waiting = undefined;
  });
  const name = args.join(" ");
  const giveUp = (why: string): void => waiting?.reject(new Error(`${name} ${why}: ${stderr}`));
  child.once("exit", (code) => giveUp(`ended with ${code}`));
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  return {
    pid: child.pid ?? 0,
    stdin: child.stdin,
    nextLine: async () => {
      const ready = lines.shift();
      if (ready !== undefined) return ready;
      if (child.exitCode !== null) throw new Error(`${name} ended: ${stderr}`);
      const next = (waiting = Promise.withResolvers<string>());
      const timer = setTimeout(giveUp, ANSWER_MS_MAX, "did not answer");
      return await next.promise.finally(() => clearTimeout(timer));
    },
    stderr: () => stderr,
    kill,
  };
}

/** A real program of Node with the agent in it, on whichever Node the test names. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const fixtures: string = join(import.meta.dirname, "fixtures");
const register: string = new URL("../src/register.ts", import.meta.url).href;

export const TOKEN = "a-token-of-the-tests";

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Whether `register` is preloaded; the program mounts the agent itself otherwise. */
  readonly agent?: "registered" | "mounted";
  readonly flags?: readonly string[];
  /** Under which packages are resolved; the sources of this repository by default. */
  readonly conditions?: readonly string[];
}

const SOURCES = ["watertight-source"];

export class NodeProgram implements AsyncDisposable {
  readonly child: ChildProcess;
  stderr = "";
  readonly #lines: AsyncIterator<string>;

  constructor(
    node: string,
    file: string,
    { env = {}, agent = "registered", flags = [], conditions = SOURCES }: ProgramOptions = {},
  ) {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const args = [
      ...conditions.map((condition) => `--conditions=${condition}`),
      "--disable-warning=ExperimentalWarning",
      ...flags,
      ...(agent === "registered" ? [`--import=${register}`] : []),
      join(fixtures, file),
    ];
    this.child = spawn(node, args, {
      // However busy the machine is, every line is asked for.
      env: {
        ...inherited,
        WATERTIGHT_TOKEN: TOKEN,
        WATERTIGHT_LOCATE_MS: "120000",
        WATERTIGHT_STANDSTILL_MS: "600000",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** The next line on standard output. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the program ended: ${this.stderr}`);
    return value;
  }

  /** Its exit code, or the signal that ended it. */
  async ended(): Promise<number | NodeJS.Signals> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, "exit");
    }
    return this.child.exitCode ?? (this.child.signalCode as NodeJS.Signals);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended();
  }
}

export async function ask(url: string, token: string | undefined = TOKEN): Promise<Response> {
  return await fetch(url, token === "" ? {} : { headers: { authorization: `Bearer ${token}` } });
}

export const sourceFolder: string = fileURLToPath(new URL("../src", import.meta.url));

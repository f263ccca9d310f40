/** The copy as its reader knows it: a snapshot, and an inspector that costs the service nothing. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import { CaptureError, type InspectorSession } from "@watertight/capture";
import type { ProcessCopy } from "./process-copier.ts";
import type { CopyAnswer, CopyQuestion } from "./serve-copy.ts";

/** How often a copy is looked after. */
const LOOK_MS = 50;
/** Looks at which a copy waits for the same thing before it is given up. */
const LOOKS_MAX = 8;
/** How long a copy may say nothing. */
const SILENCE_MS_MAX = 120_000;
/** Numbers of the system call in which a thread waits for another one, by architecture. */
const FUTEX: Readonly<Record<string, string>> = { x64: "202", arm64: "98" };

/** Reads a copy; `close` ends it. */
export class CopiedProcess implements InspectorSession {
  readonly #copy: ProcessCopy;
  readonly #questions: Socket;
  readonly #watch: NodeJS.Timeout;
  #waiting: PromiseWithResolvers<CopyAnswer> | undefined;
  #text = "";
  #seen = { doing: "", looks: 0, spokeMs: performance.now() };

  constructor(copy: ProcessCopy) {
    this.#copy = copy;
    this.#questions = new Socket({ fd: copy.questions });
    this.#questions.setEncoding("utf8").on("data", (text: string) => this.#hear(text));
    this.#questions.on("error", () => {}).once("close", () => this.#lose());
    this.#watch = setInterval(() => this.#lookAfter(), LOOK_MS);
  }

  /** Hands over the snapshot's text, piece by piece. It ends early when the copy does. */
  async readSnapshot(take: (piece: Uint8Array) => void): Promise<void> {
    const pipe = new Socket({ fd: this.#copy.snapshot, writable: false });
    pipe.on("data", (piece: Uint8Array) => {
      this.#seen = { ...this.#seen, looks: 0, spokeMs: performance.now() };
      take(piece);
    });
    pipe.on("error", () => {});
    await once(pipe, "close");
  }

  async post<T>(method: string, params: object = {}): Promise<T> {
    if (this.#questions.destroyed) throw new CaptureError("WT_CAPTURE_INSPECTOR", LOST);
    this.#waiting = Promise.withResolvers<CopyAnswer>();
    this.#questions.write(`${JSON.stringify({ method, params } satisfies CopyQuestion)}\n`);
    const answer = await this.#waiting.promise;
    if ("error" in answer) throw new CaptureError("WT_CAPTURE_INSPECTOR", answer.error);
    return answer.result as T;
  }

  /** A copy tells of no events: nothing happens in it. */
  on(): () => void {
    return () => {};
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    this.#questions.destroy();
  }

  #hear(text: string): void {
    this.#seen = { ...this.#seen, looks: 0, spokeMs: performance.now() };
    const [answer, ...rest] = (this.#text + text).split("\n");
    this.#text = rest.length === 0 ? (answer as string) : "";
    if (rest.length > 0) this.#waiting?.resolve(JSON.parse(answer as string) as CopyAnswer);
  }

  #lose(): void {
    clearInterval(this.#watch);
    this.#waiting?.resolve({ error: LOST });
  }

  /**
   * Ends a copy that waits for another thread: it has none. Now and then the process was copied
   * while one held what V8 needs, as V8's compiler does.
   */
  #lookAfter(): void {
    const doing = describeCall(this.#copy.pid);
    const isSame = doing === this.#seen.doing && doing.startsWith(`${FUTEX[process.arch]} `);
    this.#seen = { ...this.#seen, doing, looks: isSame ? this.#seen.looks + 1 : 0 };
    const isSilent = performance.now() - this.#seen.spokeMs > SILENCE_MS_MAX;
    if (this.#seen.looks < LOOKS_MAX && !isSilent) return;
    clearInterval(this.#watch);
    process.kill(this.#copy.pid, "SIGKILL");
  }
}

const LOST = "the copy of the process ended early";

/** The system call that a process waits in, with its arguments; empty while it runs, or when nobody may know. */
function describeCall(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/syscall`, "latin1");
  } catch {
    return "";
  }
}

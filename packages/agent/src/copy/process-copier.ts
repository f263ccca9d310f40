/**
 * Copies of this process, each with the heap of one moment. The service stands still while V8
 * names its objects and while the kernel copies page tables; the snapshot is taken in the copy.
 */
import { closeSync } from "node:fs";
import { Session } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import { loadNativeCopy, type NativeCopy } from "./native-copy.ts";
import { serveCopy } from "./serve-copy.ts";

/** A copy that is at work, and this process's ends of the channels to it. */
export interface ProcessCopy {
  readonly pid: number;
  /** Descriptor that the snapshot's text comes out of, to its end. */
  readonly snapshot: number;
  /** Descriptor of a socket for questions and answers; the copy ends when this end closes. */
  readonly questions: number;
}

/** V8's worker threads wait for work whenever there is none: seldom where much garbage is collected. */
const LOOKS_MAX = 100;
const LOOK_PAUSE_MS = 5;
const REAP_PAUSE_MS = 10;
/** How long a copy may take to end by itself once nobody asks it any more. */
const END_MS_MAX = 1_000;

/** Makes copies, and buries them. */
export class ProcessCopier {
  readonly #native: NativeCopy;
  /** Open before there is a copy: opening one takes more of Node than a copy has. */
  readonly #session = new Session();

  private constructor(native: NativeCopy) {
    this.#native = native;
    this.#session.connect();
  }

  /** A copier; undefined where this process cannot be copied, or not now. */
  static async open(): Promise<ProcessCopier | undefined> {
    const native = loadNativeCopy();
    if (!native) return undefined;
    for (let look = 0; look < LOOKS_MAX; look++) {
      if (native.findConditions() > 0) return new ProcessCopier(native);
      await sleep(LOOK_PAUSE_MS, undefined, { ref: false });
    }
    return undefined;
  }

  /** Copies the process as it is now; undefined when the system does not let it. */
  copy(): ProcessCopy | undefined {
    const channels = this.#native.openChannels();
    if (!channels) return undefined;
    const [snapshot, snapshotEnd, questions, questionsEnd] = channels;
    this.#native.nameObjects();
    const pid = this.#native.copy(snapshotEnd, questionsEnd);
    if (pid === 0) {
      serveCopy(this.#native, this.#session, { snapshot: snapshotEnd, questions: questionsEnd });
    }
    for (const end of [snapshotEnd, questionsEnd]) closeSync(end);
    if (pid > 0) return { pid, snapshot, questions };
    for (const end of [snapshot, questions]) closeSync(end);
    return undefined;
  }

  /** Waits for a copy's end, and sees to it. */
  async bury(pid: number): Promise<void> {
    const untilMs = performance.now() + END_MS_MAX;
    while (this.#native.reap(pid) === 0) {
      if (performance.now() > untilMs) process.kill(pid, "SIGKILL");
      await sleep(REAP_PAUSE_MS, undefined, { ref: false });
    }
  }

  /** Has V8 forget the names of objects, which cost a little with every garbage collection. */
  close(): void {
    this.#native.forgetObjects();
    this.#session.disconnect();
  }
}

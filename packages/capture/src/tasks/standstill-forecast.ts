/**
 * How long a heap snapshot, or a collection, will make its process stand still, told before it is
 * taken: V8 walks every object of the heap in one go, so it is the used heap that decides.
 */
import { CaptureError, type CaptureErrorCode } from "../errors.ts";
import type { TaskBudget } from "./task-budget.ts";

/**
 * Who takes the snapshot: a copy of the process, which the process stands still for only while it
 * is made; the process itself, which writes it out in a standstill of its own; or an inspector,
 * through which taking and sending are one. A collection of garbage takes none.
 */
export type HeapWalk = "copy" | "direct" | "inspector" | "collection";

/**
 * Milliseconds of standstill for each megabyte of used heap. Measured on Node 24 with 10,000 and
 * 100,000 suspended functions (14 and 57 MB), and with 100 and 250 MB of small objects: 3 to 5 and 8
 * for a copy, 13 to 19 and 26 to 43 directly, 29 to 40 and 36 to 60 through an inspector. A hundred
 * megabytes of numbers take directly 3: what this process took the last time tells. A collection
 * of 20 to 680 MB of small objects took 0.5, the first one after they were made up to 1.
 */
const MS_PER_MEGABYTE: Readonly<Record<HeapWalk, number>> = {
  copy: 5,
  direct: 15,
  inspector: 40,
  collection: 1,
};

/** How far a process can be from that: one slow moment must not close the door for good. */
const SLOWER_MAX = 2;
const FASTER_MAX = 8;

/** What the snapshots of one process cost it. */
export class StandstillForecast {
  readonly #usual: number;
  #msPerMegabyte: number;

  constructor(way: HeapWalk) {
    this.#usual = MS_PER_MEGABYTE[way];
    this.#msPerMegabyte = this.#usual;
  }

  /** Milliseconds, for so many bytes of heap in use. */
  predictMs(heapBytes: number): number {
    return toMegabytes(heapBytes) * this.#msPerMegabyte;
  }

  /** Takes in how long a snapshot did take. */
  learn(heapBytes: number, tookMs: number): void {
    const measured = tookMs / toMegabytes(Math.max(1, heapBytes));
    const [least, most] = [this.#usual / FASTER_MAX, this.#usual * SLOWER_MAX];
    this.#msPerMegabyte = Math.min(Math.max(measured, least), most);
  }

  /**
   * Lets a snapshot through, or not.
   *
   * @throws {CaptureError} `WT_CAPTURE_TASKS_TOO_COSTLY`, `WT_CAPTURE_HEAP_TOO_LARGE`
   */
  check(heapBytes: number, budget: TaskBudget): void {
    const refusal = this.refuse(heapBytes, budget);
    if (refusal) throw toRefusalError(refusal);
  }

  /** Why a snapshot would be too costly; undefined when it is within the budget. */
  refuse(
    heapBytes: number,
    { heapBytesMax, standstillMs }: Pick<TaskBudget, "heapBytesMax" | "standstillMs">,
  ): Refusal | undefined {
    const heapMegabytes = Math.round(toMegabytes(heapBytes));
    if (heapBytes > heapBytesMax) {
      const megabytesMax = Math.round(toMegabytes(heapBytesMax));
      return { code: "WT_CAPTURE_HEAP_TOO_LARGE", heapMegabytes, megabytesMax };
    }
    const predictedMs = this.predictMs(heapBytes);
    if (predictedMs <= standstillMs) return undefined;
    return {
      code: "WT_CAPTURE_TASKS_TOO_COSTLY",
      heapMegabytes,
      predictedMs: Math.ceil(predictedMs),
      budgetMs: Math.floor(standstillMs),
    };
  }
}

/** What a snapshot would take, and what the budget allows. */
export type Refusal =
  | {
      readonly code: "WT_CAPTURE_TASKS_TOO_COSTLY";
      readonly heapMegabytes: number;
      readonly predictedMs: number;
      readonly budgetMs: number;
    }
  | {
      readonly code: "WT_CAPTURE_HEAP_TOO_LARGE";
      readonly heapMegabytes: number;
      readonly megabytesMax: number;
    };

/** The half sentence that an agent answers with as well, where {@link readRefusal} reads it. */
export function describeRefusal(refusal: Refusal): string {
  if (refusal.code === "WT_CAPTURE_HEAP_TOO_LARGE") {
    return `${refusal.heapMegabytes} MB of heap are in use and the budget is ${refusal.megabytesMax} MB`;
  }
  const { predictedMs, heapMegabytes, budgetMs } = refusal;
  return `about ${predictedMs} ms of standstill for ${heapMegabytes} MB of heap in use, the budget allows ${budgetMs} ms`;
}

const COSTLY =
  /about (\d{1,9}) ms of standstill for (\d{1,9}) MB of heap in use, the budget allows (\d{1,9}) ms/;
const LARGE = /(\d{1,9}) MB of heap are in use and the budget is (\d{1,9}) MB/;

/**
 * An agent's refusal as an error of ours; undefined when its answer is something else. Only the
 * numbers are taken from the answer: whoever sent it has no say in what is shown.
 */
export function readRefusal(answer: string): CaptureError | undefined {
  const costly = COSTLY.exec(answer)?.slice(1).map(Number);
  if (costly) {
    const [predictedMs = 0, heapMegabytes = 0, budgetMs = 0] = costly;
    const code = "WT_CAPTURE_TASKS_TOO_COSTLY";
    return toRefusalError({ code, predictedMs, heapMegabytes, budgetMs });
  }
  const large = LARGE.exec(answer)?.slice(1).map(Number);
  if (!large) return undefined;
  const [heapMegabytes = 0, megabytesMax = 0] = large;
  return toRefusalError({ code: "WT_CAPTURE_HEAP_TOO_LARGE", heapMegabytes, megabytesMax });
}

function toRefusalError(refusal: Refusal): CaptureError {
  const code: CaptureErrorCode = refusal.code;
  const what = describeRefusal(refusal);
  if (refusal.code === "WT_CAPTURE_HEAP_TOO_LARGE") return new CaptureError(code, what);
  return new CaptureError(code, `${what} (--budget-ms ${refusal.predictedMs} would allow it)`);
}

function toMegabytes(bytes: number): number {
  return bytes / 1_048_576;
}

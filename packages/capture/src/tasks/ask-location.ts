/**
 * The exact line of one suspended function, asked of V8, which walks its heap to find the
 * function: the process stands still for every ask, so they are counted against a budget.
 */
import type { CaptureClock } from "../clock.ts";
import type { InspectorSession } from "./inspector-session.ts";
import type { TaskBudget } from "./task-budget.ts";

export type LocateBudget = Pick<TaskBudget, "standstillMs" | "locationsMax" | "locateMsMax">;

/** A standstill that is lost among those of the garbage collector. */
const ASK_MS_UNNOTICED = 25;
/** An ask that takes this share of the standstill that is allowed in all is a costly one. */
const COSTLY_SHARE = 1 / 30;

/** 1-based. */
export interface AwaitLocation {
  readonly line: number;
  readonly column: number;
}

/** Asks within a budget, and counts what that cost the process. */
export class LocationAsker {
  readonly #session: InspectorSession;
  readonly #budget: LocateBudget;
  readonly #clock: CaptureClock;
  readonly #untilMs: number;
  #asked = 0;
  #refused = 0;
  #standstillMs = 0;
  #worstMs = 0;
  #lastMs = 0;

  constructor(session: InspectorSession, budget: LocateBudget, clock: CaptureClock) {
    this.#session = session;
    this.#budget = budget;
    this.#clock = clock;
    this.#untilMs = clock.now() + budget.locateMsMax;
  }

  get asked(): number {
    return this.#asked;
  }

  /** How often the budget did not allow it. */
  get refused(): number {
    return this.#refused;
  }

  /** For how long the process stood still, over all asks. */
  get standstillMs(): number {
    return this.#standstillMs;
  }

  /** The longest single one of them. */
  get worstMs(): number {
    return this.#worstMs;
  }

  /** Whether it has to be asked as little as can be. */
  get isCostly(): boolean {
    return this.#worstMs > this.#budget.standstillMs * COSTLY_SHARE;
  }

  /** Where the function with this heap id is suspended; undefined when it is gone, or the budget spent. */
  async ask(heapObjectId: number): Promise<AwaitLocation | undefined> {
    const startMs = this.#clock.now();
    if (!this.#isAllowed(startMs)) {
      this.#refused++;
      return undefined;
    }
    this.#asked++;
    const location = await askLocation(this.#session, heapObjectId);
    this.#lastMs = this.#clock.now() - startMs;
    this.#worstMs = Math.max(this.#worstMs, this.#lastMs);
    this.#standstillMs += this.#lastMs;
    // The process stood still for as long as the answer took; it gets as long to go on. Whose
    // standstill has no bound, a copy, has nothing to go on with.
    if (this.#lastMs > ASK_MS_UNNOTICED && Number.isFinite(this.#budget.standstillMs)) {
      await this.#clock.sleep(Math.min(this.#lastMs, this.#budget.locateMsMax));
    }
    return location;
  }

  /** The next ask is expected to cost as much as the last one. */
  #isAllowed(nowMs: number): boolean {
    const { locationsMax, standstillMs } = this.#budget;
    return (
      this.#asked < locationsMax &&
      nowMs <= this.#untilMs &&
      this.#standstillMs + this.#lastMs <= standstillMs
    );
  }
}

interface RemoteObject {
  readonly result: { readonly objectId?: string };
}

interface Properties {
  readonly internalProperties?: readonly {
    readonly name: string;
    readonly value?: {
      readonly value?: { readonly lineNumber: number; readonly columnNumber: number };
    };
  }[];
}

async function askLocation(
  session: InspectorSession,
  heapObjectId: number,
): Promise<AwaitLocation | undefined> {
  const object = await session
    .post<RemoteObject>("HeapProfiler.getObjectByHeapObjectId", { objectId: String(heapObjectId) })
    .catch(() => undefined);
  const objectId = object?.result.objectId;
  // It may have finished since the snapshot, or been collected.
  if (objectId === undefined) return undefined;
  const properties = await session.post<Properties>("Runtime.getProperties", {
    objectId,
    ownProperties: true,
  });
  await session.post("Runtime.releaseObject", { objectId });
  const location = properties.internalProperties?.find(
    (property) => property.name === "[[GeneratorLocation]]",
  )?.value?.value;
  return location && { line: location.lineNumber + 1, column: location.columnNumber + 1 };
}

/** What one test is watched with, from its start until nothing of it is left. */
import type { Agent } from "node:http";
import { TraceBudget, type Trace, type TraceBudgetOptions } from "./trace.ts";
import type { BodyRecord } from "./watches/bodies.ts";
import type { DescriptorRecord } from "./watches/descriptors.ts";
import type { GeneratorRecord } from "./watches/generators.ts";
import type { PoolRecord } from "./watches/pools.ts";
import type { ListenerRecord } from "./watches/listeners.ts";

let scopesOpened = 0;
let moments = 0;

/** A number that grows with everything that is recorded: what came before what. */
export function nextMoment(): number {
  moments += 1;
  return moments;
}

/** The records of one test. What is recorded process-wide by identity (awaits, handles) points back to it. */
export class Scope {
  readonly id: number;
  readonly title: string;
  budget: TraceBudget;
  readonly startedMs: number = Date.now();
  readonly bodies: Set<BodyRecord> = new Set();
  readonly descriptors: Map<number, DescriptorRecord> = new Map();
  readonly generators: Set<GeneratorRecord> = new Set();
  readonly listeners: Set<ListenerRecord> = new Set();
  /** Agents of node:http that the scope made: their idle connections are its own to close. */
  readonly agents: Set<WeakRef<Agent>> = new Set();
  readonly pools: Set<PoolRecord> = new Set();
  /** Signals that the scope made, as many as are kept. */
  readonly signals: WeakRef<AbortSignal>[] = [];
  /** As many of them as were ever seen aborted at a time; the rest may be collected. */
  abortedMax = 0;
  /** The moment at which the test's own code had ended, or undefined while it runs. */
  endedAt: number | undefined;
  /** Who opened it, where it was opened in the middle of a program. */
  opener: Trace | undefined;
  /** Nothing is recorded any more. */
  isClosed = false;

  readonly #now: (() => number) | undefined;

  /** @param now milliseconds of a clock that never goes back; the process's own by default */
  constructor(title: string, now?: () => number) {
    scopesOpened += 1;
    this.id = scopesOpened;
    this.title = title;
    this.#now = now;
    this.budget = new TraceBudget(this.#budgetOptions("none"));
  }

  /** Everything recorded from now on began after the test's own code ended. */
  end(): void {
    this.endedAt ??= nextMoment();
  }

  /** The test goes on after a check in its middle. */
  resume(): void {
    this.endedAt = undefined;
  }

  /** What still begins after the end is what is looked for, whatever it costs. */
  renewBudget(): void {
    this.budget = new TraceBudget(this.#budgetOptions("lean"));
  }

  #budgetOptions(least: "lean" | "none"): TraceBudgetOptions {
    return this.#now === undefined ? { least } : { least, now: this.#now };
  }
}

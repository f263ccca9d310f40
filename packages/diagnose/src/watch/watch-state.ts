/** What a watch remembers, what it is told, and what it says. All plain data. */
import type { Finding } from "@watertight/finding";
import type { Observation } from "../observation.ts";
import type { LeakVerification } from "../verify.ts";

/** One cheap count. */
export interface CountSample {
  readonly atMs: number;
  readonly count: number;
}

/** What the driver of a watch reports back. */
export type WatchInput =
  | {
      readonly kind: "count";
      readonly atMs: number;
      readonly count: number;
      readonly requestsServed?: number;
    }
  | { readonly kind: "capture"; readonly observation: Observation }
  /** The attempt failed; `text` says why. */
  | { readonly kind: "failure"; readonly atMs: number; readonly text: string };

/** What is to be done next. */
export interface WatchStep {
  readonly what: "count" | "capture";
  /** Not before this moment. */
  readonly atMs: number;
}

interface Happening {
  readonly atMs: number;
  /** One sentence with the numbers. */
  readonly text: string;
}

/** One line of a watch. */
export type WatchEvent =
  | (Happening & { readonly kind: "baseline"; readonly count: number; readonly highWater: number })
  | (Happening & {
      readonly kind: "high-water";
      readonly count: number;
      readonly highWater: number;
    })
  | (Happening & { readonly kind: "growth"; readonly perHour: number; readonly limitAtMs: number })
  | (Happening & { readonly kind: "finding"; readonly finding: Finding })
  | (Happening & { readonly kind: "converged"; readonly verification: LeakVerification })
  | (Happening & { readonly kind: "lost" })
  | (Happening & { readonly kind: "recovered"; readonly downMs: number });

/** A finding that was reported and has not converged. */
export interface OpenFinding {
  readonly finding: Finding;
  /** Series in a row that said converged. */
  readonly convergedSeries: number;
}

/** Everything that a watch remembers. Never written to; each input makes a new one. */
export interface WatchState {
  /** Latest counts, oldest first, at most `historyMax`. */
  readonly history: readonly CountSample[];
  readonly requestsServed: number | undefined;
  /** Median of the first counts; undefined while they are collected. */
  readonly baseline: number | undefined;
  /** A count above this is the next high water; rises with every one. */
  readonly mark: number;
  /** True from a growth event until the trend has been gone for a while. */
  readonly isGrowing: boolean;
  /** Full captures of the running series; undefined when none runs. */
  readonly series: readonly Observation[] | undefined;
  /** How far apart its captures are: further where little is expected to come between two. */
  readonly seriesEveryMs: number;
  /** A series is wanted as soon as the budget allows. */
  readonly isSeriesWanted: boolean;
  /** Moments of full captures within the last hour. */
  readonly capturesAtMs: readonly number[];
  readonly open: ReadonlyMap<string, OpenFinding>;
  /** When the open findings are looked for again, and how long until the time after that. */
  readonly followUpAtMs: number;
  readonly followUpMs: number;
  readonly failures: number;
  readonly lostSinceMs: number | undefined;
  readonly next: WatchStep;
}

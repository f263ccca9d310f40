/** The settings of a watch, with their defaults. */
import type { SourceReader } from "../view/dump-view.ts";

export interface WatchOptions {
  /** How often the cheap count is asked for. */
  readonly countEveryMs: number;
  /** Counts that make the baseline. */
  readonly baselineCounts: number;
  /** A count above this is high water; without it, {@link WatchOptions.highWaterFactor} times the baseline. */
  readonly highWater?: number;
  readonly highWaterFactor: number;
  /** A rise of fewer goroutines than this is never high water or growth. */
  readonly riseMin: number;
  /** The count that must not be reached; the forecast says when it will be. Default: ten times high water. */
  readonly limit?: number;
  /** A forecast further away than this is no event. */
  readonly forecastWithinMs: number;
  /** Counts that the forecast looks back on, at most. */
  readonly historyMax: number;
  /** Full captures in one series; fewer than six cannot follow memory. */
  readonly seriesCaptures: number;
  /** The same where captures name no goroutines: counts alone make no trend so soon. As far as the hour has room. */
  readonly seriesCapturesWithoutIds: number;
  /** How far apart they are, at least and, where the growth is slow, at most. */
  readonly seriesEveryMs: number;
  readonly seriesEveryMsMax: number;
  /** A series is stretched until, at the known rate, this many goroutines leak in it. */
  readonly seriesLeaks: number;
  /** Full captures in any hour, at most: what the target is asked to bear. */
  readonly capturesPerHourMax: number;
  /** How long after a finding it is looked for again; doubles up to four times as long. */
  readonly followUpMs: number;
  /** Series in a row that must say converged. */
  readonly convergedSeries: number;
  /** Failed attempts in a row after which the target counts as lost. */
  readonly lostAfter: number;
  /** Longest pause between attempts while it is lost. */
  readonly retryMsMax: number;
  /** Reads the service's source, where it is at hand. */
  readonly readSource?: SourceReader;
}

export const WATCH_DEFAULTS: WatchOptions = {
  countEveryMs: 10_000,
  baselineCounts: 6,
  highWaterFactor: 2,
  riseMin: 50,
  forecastWithinMs: 6 * 3_600_000,
  historyMax: 360,
  seriesCaptures: 6,
  seriesCapturesWithoutIds: 8,
  seriesEveryMs: 5_000,
  seriesEveryMsMax: 5 * 60_000,
  seriesLeaks: 40,
  capturesPerHourMax: 24,
  followUpMs: 10 * 60_000,
  convergedSeries: 2,
  lostAfter: 3,
  retryMsMax: 5 * 60_000,
};

/** The numbers that decide whether a suspicion from a single capture is worth a person's time. */

/** What it takes to become a finding. All of them can be set by the caller. */
export interface Thresholds {
  /**
   * At least so many goroutines that were left behind, in a wait where nobody parks on purpose
   * (a channel send, a lock). Default 5.
   */
  readonly strandedMin: number;
  /** At least so many that were left behind in a wait where idle workers park as well. Default 20. */
  readonly orphansMin: number;
  /** At least so many of which nothing but their number speaks. Default 50. */
  readonly crowdMin: number;
  /** At least so many at one stack, where the format names neither ids nor creators. Default 5,000. */
  readonly massMin: number;
  /** Blocked for so many minutes, where nobody parks on purpose, one is enough. Default 2. */
  readonly strandedMinutes: number;
  /** Blocked for so many minutes, left behind, in any wait. Default 10. */
  readonly orphanMinutes: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  strandedMin: 5,
  orphansMin: 20,
  crowdMin: 50,
  massMin: 5000,
  strandedMinutes: 2,
  orphanMinutes: 10,
};

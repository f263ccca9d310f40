/** What a task profile may cost the process that it is taken of. */

export interface TaskBudget {
  /** Bytes of JavaScript heap beyond which no snapshot is taken: it needs about ten times as much memory. */
  readonly heapBytesMax: number;
  /**
   * Milliseconds that the process may stand still: at once, for the snapshot, which is not taken
   * when it is expected to take longer; and in sum, for the asks for exact lines.
   */
  readonly standstillMs: number;
  /** Tasks whose exact line is asked for. */
  readonly locationsMax: number;
  /** Milliseconds that asking may take, with the pauses between the asks. */
  readonly locateMsMax: number;
}

/** Three seconds let 75 MB of heap in use through by way of an inspector, 200 MB directly, and 600 MB in a copy. */
export const DEFAULT_TASK_BUDGET: TaskBudget = {
  heapBytesMax: 512 * 1024 * 1024,
  standstillMs: 3000,
  locationsMax: 128,
  locateMsMax: 10_000,
};

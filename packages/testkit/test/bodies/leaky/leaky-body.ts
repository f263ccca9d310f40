/** One body that leaves something, with what has to be said of it. */
export interface LeakyBody {
  readonly name: string;
  readonly cause: string;
  /** In the line of the finding's site. */
  readonly line: string;
  readonly run: (cleanUp: (step: () => unknown) => void) => unknown;
}

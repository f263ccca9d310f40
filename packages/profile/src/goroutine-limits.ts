/** How much of a goroutine dump is kept. At a limit the rest is left out and a problem says so. */

export interface GoroutineTextLimits {
  /** Members kept with their argument words, per group. Default 32. */
  readonly witnessesMax: number;
  /** The same for groups that wait for a lock, whose cycles need every waiter. Default 2,048. */
  readonly lockWitnessesMax: number;
  /** Members kept with their argument words, in all groups together. Default 32,768. */
  readonly witnessesTotalMax: number;
  /** Groups; goroutines of further stacks fall into one group per state. Default 65,536. */
  readonly groupsMax: number;
  /** Distinct goroutines counted as creators of one group. Default 256. */
  readonly creatorsMax: number;
  /** A goroutine with a longer line is left out. Default 65,536. */
  readonly lineBytesMax: number;
  /** A goroutine with a longer text is left out. Default 4 MiB. */
  readonly goroutineBytesMax: number;
  /** Frames kept per stack; the rest counts as elided. Default 512. */
  readonly framesMax: number;
  /** Text of distinct frames kept. Default 32 MiB. */
  readonly frameBytesMax: number;
  /** Branches of the tree of stacks. Default 1,048,576. */
  readonly branchesMax: number;
  /** Labels kept per goroutine, in order of their keys. Default 64. */
  readonly labelsMax: number;
  /**
   * Distinct values of one label key. A key with more (a request id, say) would make every
   * goroutine a group of its own, so groups are made without it. Default 64.
   */
  readonly labelValuesMax: number;
  /** Problems kept; a last one says how many more there were. Default 100. */
  readonly problemsMax: number;
}

export const GOROUTINE_TEXT_LIMITS: GoroutineTextLimits = {
  witnessesMax: 32,
  lockWitnessesMax: 2048,
  witnessesTotalMax: 32_768,
  groupsMax: 65_536,
  creatorsMax: 256,
  lineBytesMax: 65_536,
  goroutineBytesMax: 4 * 2 ** 20,
  framesMax: 512,
  frameBytesMax: 32 * 2 ** 20,
  branchesMax: 2 ** 20,
  labelsMax: 64,
  labelValuesMax: 64,
  problemsMax: 100,
};

/** How much of a pprof file is decoded. Beyond a limit the rest is left out and a problem says so. */

export interface PprofLimits {
  /** Inflated bytes read; default 512 MiB. The rest counts as cut off. */
  readonly bytesMax: number;
  /** Default 16,777,216. */
  readonly samplesMax: number;
  /** Location references of all samples together; default 268,435,456 (1 GiB). */
  readonly stackEntriesMax: number;
  /** Samples × sample types; default 134,217,728 (1 GiB). */
  readonly valuesMax: number;
  /** Labels of all samples together; default 33,554,432. */
  readonly labelsMax: number;
  /** Default 64. */
  readonly sampleTypesMax: number;
  /** Default 8,388,608. */
  readonly locationsMax: number;
  /** Lines of all locations together; default 16,777,216. */
  readonly linesMax: number;
  /** Default 8,388,608. */
  readonly functionsMax: number;
  /** Default 1,048,576. */
  readonly mappingsMax: number;
  /** Default 16,777,216. */
  readonly stringsMax: number;
  /** Default 4096. */
  readonly commentsMax: number;
  /** Problems kept; default 100, a last one says how many more there were. */
  readonly problemsMax: number;
}

export const PPROF_LIMITS: PprofLimits = {
  bytesMax: 2 ** 29,
  samplesMax: 2 ** 24,
  stackEntriesMax: 2 ** 28,
  valuesMax: 2 ** 27,
  labelsMax: 2 ** 25,
  sampleTypesMax: 64,
  locationsMax: 2 ** 23,
  linesMax: 2 ** 24,
  functionsMax: 2 ** 23,
  mappingsMax: 2 ** 20,
  stringsMax: 2 ** 24,
  commentsMax: 4096,
  problemsMax: 100,
};

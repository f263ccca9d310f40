/** How much of a pprof file is decoded. Beyond a limit the rest is left out and a problem says so. */

export interface PprofLimits {
  /** Inflated bytes read; default 512 MiB. The rest counts as cut off. */
  readonly bytesMax: number;
  /** Default 8,388,608. */
  readonly samplesMax: number;
  /** Location references of all samples together; default 134,217,728 (512 MiB). */
  readonly stackEntriesMax: number;
  /** Samples × sample types; default 67,108,864 (512 MiB). */
  readonly valuesMax: number;
  /** Labels of all samples together; default 16,777,216. */
  readonly labelsMax: number;
  /** Default 64. */
  readonly sampleTypesMax: number;
  /** Default 4,194,304. */
  readonly locationsMax: number;
  /** Lines of all locations together; default 8,388,608. */
  readonly linesMax: number;
  /** Default 4,194,304. */
  readonly functionsMax: number;
  /** Default 1,048,576. */
  readonly mappingsMax: number;
  /** Default 8,388,608. */
  readonly stringsMax: number;
  /** Default 4096. */
  readonly commentsMax: number;
  /** Problems kept; default 100, a last one says how many more there were. */
  readonly problemsMax: number;
}

export const PPROF_LIMITS: PprofLimits = {
  bytesMax: 2 ** 29,
  samplesMax: 2 ** 23,
  stackEntriesMax: 2 ** 27,
  valuesMax: 2 ** 26,
  labelsMax: 2 ** 24,
  sampleTypesMax: 64,
  locationsMax: 2 ** 22,
  linesMax: 2 ** 23,
  functionsMax: 2 ** 22,
  mappingsMax: 2 ** 20,
  stringsMax: 2 ** 23,
  commentsMax: 4096,
  problemsMax: 100,
};

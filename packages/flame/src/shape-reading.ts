/** What a series of flame graphs shows, as data. */

export const LEAK_SHAPES = ["widening-base", "isolated-tower", "rising-sawtooth"] as const;
export const BENIGN_SHAPES = ["flat-sawtooth", "warm-up-plateau", "load-following"] as const;
export type LeakShape = (typeof LEAK_SHAPES)[number];
export type BenignShape = (typeof BENIGN_SHAPES)[number];

/** One shape, with the numbers for a sentence about it. */
export interface ShapeReading {
  readonly shape: LeakShape | BenignShape;
  /** Whether it is one of {@link LEAK_SHAPES}. */
  readonly isLeak: boolean;
  /** Function names from the outermost caller to the node that the growth comes from. */
  readonly path: readonly string[];
  /** Function names below the path, down the callees that most of it is handed on to: whose growth it is. */
  readonly chain: readonly string[];
  /** Source files of the functions of the path and then of the chain, `""` where unknown. */
  readonly files: readonly string[];
  /** The sample type's name and unit. */
  readonly type: string;
  readonly unit: string;
  readonly captures: number;
  readonly hours: number;
  /** Values at the start and the end: of the troughs, for a sawtooth. */
  readonly from: number;
  readonly to: number;
  /** Theil–Sen slope per hour: of the troughs, for a sawtooth. */
  readonly perHour: number;
  /** One-sided; 1 for a benign shape. */
  readonly pValue: number;
  /** Part of the whole profile at the start and the end, 0 to 1. */
  readonly shareFrom: number;
  readonly shareTo: number;
  /** For a tower: how far it stands out. */
  readonly tower?: {
    /** Index in `path` of its lowest function. */
    readonly column: number;
    /** Its value over its largest sibling's; Infinity when it has no sibling. */
    readonly siblingRatio: number;
    readonly concentration: number;
  };
  /** For a sawtooth: how many troughs. */
  readonly troughs?: number;
}

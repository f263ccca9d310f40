/**
 * The Profile: one columnar model for every stack-shaped format.
 *
 * Rows never become objects. A profile of two million samples is a handful of
 * typed arrays, so that merging, diffing and drawing stay linear scans.
 * The shape follows `profile.proto` of github.com/google/pprof, whose ids are
 * replaced by indexes and whose strings are interned.
 */

/** What a sample's value measures, e.g. `{ type: "inuse_space", unit: "bytes" }`. */
export interface ValueType {
  readonly type: string;
  readonly unit: string;
}

/** Functions, one row each. String columns hold indexes into {@link Profile.strings}. */
export interface FunctionColumns {
  readonly count: number;
  readonly name: Uint32Array;
  readonly systemName: Uint32Array;
  readonly file: Uint32Array;
  /** First line of the function, 0 when unknown. */
  readonly startLine: BigInt64Array;
}

/** Mapped binaries, one row each. */
export interface MappingColumns {
  readonly count: number;
  readonly start: BigUint64Array;
  readonly limit: BigUint64Array;
  readonly offset: BigUint64Array;
  readonly file: Uint32Array;
  readonly buildId: Uint32Array;
  /** Bit 0 has_functions, 1 has_filenames, 2 has_line_numbers, 3 has_inline_frames. */
  readonly flags: Uint8Array;
}

/** The mapping column of a location that belongs to no mapping. */
export const NO_MAPPING = 0xffffffff;

/**
 * Locations, one row each. A location carries several lines when the compiler
 * inlined calls into it: rows `lineOffset[i]` to `lineOffset[i + 1]` of the line
 * columns, innermost call first.
 */
export interface LocationColumns {
  readonly count: number;
  readonly address: BigUint64Array;
  /** Index of the mapping, or {@link NO_MAPPING}. */
  readonly mapping: Uint32Array;
  readonly isFolded: Uint8Array;
  /** `count + 1` offsets into the line columns. */
  readonly lineOffset: Uint32Array;
  readonly lineFunction: Uint32Array;
  readonly lineNumber: BigInt64Array;
  readonly lineColumn: BigInt64Array;
}

/**
 * Samples, one row each. Row `i` has the stack `stack[stackOffset[i] … stackOffset[i + 1]]`
 * (location indexes, **leaf first**), the value `values[t][i]` for sample type `t`,
 * and the labels `labelOffset[i] … labelOffset[i + 1]` of the label columns.
 */
export interface SampleColumns {
  readonly count: number;
  readonly stackOffset: Uint32Array;
  readonly stack: Uint32Array;
  /** One column per sample type, exact over the whole int64 range. */
  readonly values: readonly BigInt64Array[];
  readonly labelOffset: Uint32Array;
  readonly labelKey: Uint32Array;
  /** Index of the string value; 0 (the empty string) for a numeric label. */
  readonly labelString: Uint32Array;
  readonly labelNumber: BigInt64Array;
  /** Index of the numeric label's unit, 0 when it has none. */
  readonly labelUnit: Uint32Array;
}

/**
 * A decoded profile. Immutable by convention: columns are shared, never written to, and
 * may be views of a slightly larger buffer. Every row that a column names exists.
 */
export interface Profile {
  /** Strings, interned as far as the producer did. Index 0 is always the empty string. */
  readonly strings: readonly string[];
  readonly sampleTypes: readonly ValueType[];
  /** The sample type that a viewer shows first, or undefined when the profile names none. */
  readonly defaultSampleType: string | undefined;
  readonly functions: FunctionColumns;
  readonly mappings: MappingColumns;
  readonly locations: LocationColumns;
  readonly samples: SampleColumns;
  readonly comments: readonly string[];
  readonly dropFrames: string;
  readonly keepFrames: string;
  readonly docUrl: string;
  /** When the capture began, nanoseconds since 1970; 0 when unknown. */
  readonly timeNanos: bigint;
  readonly durationNanos: bigint;
  readonly periodType: ValueType | undefined;
  readonly period: bigint;
}

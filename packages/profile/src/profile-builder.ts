/**
 * Makes a {@link Profile} out of anything that has stacks. Strings, functions and
 * locations are interned on the way in, so an importer names them as often as it likes.
 */
import { GrowingColumn, GrowingWideColumn } from "./growing-column.ts";
import {
  NO_MAPPING,
  type FunctionColumns,
  type LocationColumns,
  type MappingColumns,
  type Profile,
  type SampleColumns,
  type ValueType,
} from "./profile.ts";
import { SampleBuilder } from "./sample-builder.ts";
import { SequenceIndex } from "./sequence-index.ts";
import { StringTable } from "./string-table.ts";

/** Everything of a profile that is not a row of a table. */
export type ProfileHeader = Pick<
  Profile,
  | "sampleTypes"
  | "defaultSampleType"
  | "comments"
  | "dropFrames"
  | "keepFrames"
  | "docUrl"
  | "timeNanos"
  | "durationNanos"
  | "periodType"
  | "period"
>;

/** A function, its texts as indexes from {@link ProfileBuilder.internString}. */
export interface FunctionSource {
  readonly name: number;
  readonly file?: number;
  readonly systemName?: number;
  readonly startLine?: number | bigint;
}

/** One line of a location; `function` from {@link ProfileBuilder.internFunction}. */
export interface LineSource {
  readonly function: number;
  readonly line?: number | bigint;
  readonly column?: number | bigint;
}

/** A mapped binary, its texts as indexes. */
export interface MappingSource {
  readonly start: bigint;
  readonly limit: bigint;
  readonly offset: bigint;
  readonly file: number;
  readonly buildId: number;
  readonly flags: number;
}

/** Where a location is, besides its lines. */
export interface LocationPlace {
  readonly address?: bigint;
  readonly mapping?: number;
  readonly isFolded?: number;
}

/** A label: a text, or a number with its unit. */
export type SampleLabel =
  | { readonly key: string; readonly text: string }
  | { readonly key: string; readonly number: number | bigint; readonly unit?: string };

const EMPTY_HEADER: ProfileHeader = {
  sampleTypes: [],
  defaultSampleType: undefined,
  comments: [],
  dropFrames: "",
  keepFrames: "",
  docUrl: "",
  timeNanos: 0n,
  durationNanos: 0n,
  periodType: undefined,
  period: 0n,
};

/** Builds one profile; use it once. */
export class ProfileBuilder {
  readonly #header: ProfileHeader;
  readonly #strings = new StringTable();
  readonly #functions = new FunctionRows();
  readonly #locations = new LocationRows();
  readonly #mappings = new Map<string, MappingSource & { readonly row: number }>();
  readonly #samples: SampleBuilder;

  /** `header` needs at least the sample types. */
  constructor(header: Partial<ProfileHeader> & Pick<ProfileHeader, "sampleTypes">) {
    this.#header = { ...EMPTY_HEADER, ...header };
    this.#samples = new SampleBuilder(this.#header.sampleTypes.length);
  }

  /** The index of a string. */
  internString(text: string): number {
    return this.#strings.intern(text);
  }

  /** The row of a function; functions are the same when name, system name and file are. */
  internFunction(source: FunctionSource): number {
    return this.#functions.intern(source);
  }

  /**
   * The row of a location with these lines, innermost call first. Locations are the same
   * when their lines are; only locations without lines are told apart by address and mapping.
   */
  internLocation(lines: readonly LineSource[], place: LocationPlace = {}): number {
    return this.#locations.intern(lines, place);
  }

  /** The row of a location with a single line, from plain texts. */
  internFrame(frame: { function: string; file: string; line: number }): number {
    const row = this.internFunction({
      name: this.internString(frame.function),
      file: this.internString(frame.file),
    });
    return this.internLocation([{ function: row, line: frame.line }]);
  }

  /** The row of a mapping. */
  internMapping(source: MappingSource): number {
    const { start, limit, offset, file, buildId, flags } = source;
    const key = [start, limit, offset, file, buildId, flags].join();
    const known = this.#mappings.get(key);
    if (known) return known.row;
    const row = this.#mappings.size;
    this.#mappings.set(key, { ...source, row });
    return row;
  }

  /** Adds one sample: location rows, **leaf first**, and one value per sample type (0 when left out). */
  addSample(
    stack: ArrayLike<number>,
    values: ArrayLike<number | bigint>,
    labels: readonly SampleLabel[] = [],
  ): void {
    const samples = this.#samples;
    for (let entry = 0; entry < stack.length; entry++) samples.pushLocation(stack[entry]!);
    for (let type = 0; type < this.#header.sampleTypes.length; type++) {
      samples.pushValue(type, values[type] ?? 0);
    }
    for (const label of labels) this.#addLabel(label);
    samples.endSample();
  }

  #addLabel(label: SampleLabel): void {
    const key = this.internString(label.key);
    const isText = "text" in label;
    const text = isText ? this.internString(label.text) : 0;
    const unit = isText ? 0 : this.internString(label.unit ?? "");
    this.#samples.pushLabel(key, text, unit);
    this.#samples.pushLabelNumber(isText ? 0 : label.number);
  }

  /** The profile. `samples` replaces what {@link addSample} collected, for whoever has columns already. */
  build(samples: SampleColumns = this.#samples.finish()): Profile {
    return {
      ...this.#header,
      strings: this.#strings.strings,
      functions: this.#functions.finish(),
      mappings: mappingColumns([...this.#mappings.values()]),
      locations: this.#locations.finish(),
      samples,
    };
  }
}

class FunctionRows {
  readonly #index = new SequenceIndex();
  readonly #name = new GrowingColumn();
  readonly #systemName = new GrowingColumn();
  readonly #file = new GrowingColumn();
  readonly #startLine = new GrowingWideColumn();

  intern({ name, file = 0, systemName = name, startLine = 0 }: FunctionSource): number {
    const row = this.#index.intern([name, systemName, file], 0, 3);
    if (row < this.#name.length) return row;
    this.#name.push(name);
    this.#systemName.push(systemName);
    this.#file.push(file);
    this.#startLine.push(startLine);
    return row;
  }

  finish(): FunctionColumns {
    return {
      count: this.#name.length,
      name: this.#name.finish(),
      systemName: this.#systemName.finish(),
      file: this.#file.finish(),
      startLine: this.#startLine.finishSigned(),
    };
  }
}

class LocationRows {
  readonly #index = new SequenceIndex();
  readonly #address = new GrowingWideColumn();
  readonly #mapping = new GrowingColumn();
  readonly #isFolded = new GrowingColumn();
  readonly #lineOffset = new GrowingColumn();
  readonly #lineFunction = new GrowingColumn();
  readonly #lineNumber = new GrowingWideColumn();
  readonly #lineColumn = new GrowingWideColumn();

  constructor() {
    this.#lineOffset.push(0);
  }

  intern(lines: readonly LineSource[], place: LocationPlace): number {
    const { address = 0n, mapping = NO_MAPPING, isFolded = 0 } = place;
    const key: number[] = lines.length === 0 ? [mapping, ...wordsOf(address)] : [];
    for (const { function: row, line = 0, column = 0 } of lines) {
      key.push(row, ...wordsOf(line), ...wordsOf(column));
    }
    const row = this.#index.intern(key, 0, key.length);
    if (row < this.#mapping.length) return row;
    this.#address.push(address);
    this.#mapping.push(mapping);
    this.#isFolded.push(isFolded);
    for (const { function: functionRow, line = 0, column = 0 } of lines) {
      this.#lineFunction.push(functionRow);
      this.#lineNumber.push(line);
      this.#lineColumn.push(column);
    }
    this.#lineOffset.push(this.#lineFunction.length);
    return row;
  }

  finish(): LocationColumns {
    return {
      count: this.#mapping.length,
      address: this.#address.finishUnsigned(),
      mapping: this.#mapping.finish(),
      isFolded: Uint8Array.from(this.#isFolded.finish()),
      lineOffset: this.#lineOffset.finish(),
      lineFunction: this.#lineFunction.finish(),
      lineNumber: this.#lineNumber.finishSigned(),
      lineColumn: this.#lineColumn.finishSigned(),
    };
  }
}

function mappingColumns(mappings: readonly MappingSource[]): MappingColumns {
  return {
    count: mappings.length,
    start: BigUint64Array.from(mappings, ({ start }) => start),
    limit: BigUint64Array.from(mappings, ({ limit }) => limit),
    offset: BigUint64Array.from(mappings, ({ offset }) => offset),
    file: Uint32Array.from(mappings, ({ file }) => file),
    buildId: Uint32Array.from(mappings, ({ buildId }) => buildId),
    flags: Uint8Array.from(mappings, ({ flags }) => flags),
  };
}

/** Low and high half of a 64-bit number. */
function wordsOf(value: number | bigint): [number, number] {
  if (typeof value === "bigint") {
    return [Number(BigInt.asUintN(32, value)), Number(BigInt.asUintN(32, value >> 32n))];
  }
  return [value >>> 0, Math.floor(value / 0x1_0000_0000) >>> 0];
}

/** A profile with these sample types and nothing in it. */
export function emptyProfile(sampleTypes: readonly ValueType[] = []): Profile {
  return new ProfileBuilder({ sampleTypes }).build();
}

/**
 * Adding profiles up and taking one from another.
 *
 * Functions are the same by name and file, locations by function and line, samples by
 * stack and labels: so captures of two processes, or of two builds, still meet. Values
 * are added as 32-bit halves with a carry, exact over int64.
 */
import { COLLECTED, isCollected } from "./collected-heap.ts";
import { describeProfileProblem, ProfileError } from "./errors.ts";
import { emptyProfile, ProfileBuilder, type ProfileHeader } from "./profile-builder.ts";
import { importLocations } from "./profile-import.ts";
import type { Profile, SampleColumns, ValueType } from "./profile.ts";
import { SampleBuilder } from "./sample-builder.ts";
import { SequenceIndex } from "./sequence-index.ts";
import { halvesOf } from "./wide-column.ts";

/** Between the stack and the labels in the key of a sample; never a row. */
const LABELS_FOLLOW = 0xffff_ffff;
const WORDS_PER_LABEL = 5;

/**
 * The sum of several profiles of one kind. Samples that agree in stack and labels become
 * one. The earliest time is kept and durations add up; no profiles give an empty one.
 *
 * @throws {ProfileError} `WT_PROFILE_INCOMPATIBLE` when one lacks a sample type of the first.
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const [first] = profiles;
  if (!first) return emptyProfile();
  const merger = new ProfileMerger(mergedHeader(first, profiles));
  for (const profile of profiles) merger.add(profile);
  return merger.finish();
}

/**
 * What `after` holds more (or, below zero, less) than `before`: the growth between two heap
 * captures. Samples that did not change are left out. The time is that of `before` and the
 * duration the time between, where both are known.
 *
 * @throws {ProfileError} `WT_PROFILE_INCOMPATIBLE` when `before` lacks a sample type of `after`.
 */
export function subtractProfiles(after: Profile, before: Profile): Profile {
  const hasTimes = after.timeNanos !== 0n && before.timeNanos !== 0n;
  const merger = new ProfileMerger({
    ...headerOf(after),
    timeNanos: hasTimes ? before.timeNanos : after.timeNanos,
    durationNanos: hasTimes ? after.timeNanos - before.timeNanos : after.durationNanos,
  });
  merger.add(after);
  merger.subtract(before);
  return merger.finish({ changedOnly: true });
}

class ProfileMerger {
  readonly #builder: ProfileBuilder;
  readonly #types: readonly ValueType[];
  readonly #keys = new SequenceIndex();
  readonly #totals: readonly GrowingHalves[];
  #key = new Uint32Array(1024);

  constructor(header: ProfileHeader) {
    this.#builder = new ProfileBuilder(header);
    this.#types = header.sampleTypes;
    this.#totals = header.sampleTypes.map(() => new GrowingHalves());
  }

  add(profile: Profile): void {
    this.#accumulate(profile, (halves, row, low, high) => halves.add(row, low, high));
  }

  subtract(profile: Profile): void {
    this.#accumulate(profile, (halves, row, low, high) =>
      halves.add(row, -low | 0, (low === 0 ? -high : ~high) | 0),
    );
  }

  #accumulate(
    profile: Profile,
    combine: (halves: GrowingHalves, row: number, low: number, high: number) => void,
  ): void {
    const { samples } = profile;
    const columns = matchTypes(this.#types, profile).map((type) => halvesOf(samples.values[type]!));
    const strings = Uint32Array.from(profile.strings, (text) => this.#builder.internString(text));
    const rows = importLocations(profile, strings, this.#builder);
    const labelNumber = halvesOf(samples.labelNumber);
    for (let sample = 0; sample < samples.count; sample++) {
      const length = this.#writeKey(samples, sample, rows, strings, labelNumber);
      const row = this.#keys.intern(this.#key, 0, length);
      for (let type = 0; type < columns.length; type++) {
        const halves = columns[type]!;
        combine(this.#totals[type]!, row, halves[sample * 2]!, halves[sample * 2 + 1]!);
      }
    }
  }

  /** Writes the stack and labels of a sample as one sequence; answers its length. */
  #writeKey(
    samples: SampleColumns,
    sample: number,
    rows: Uint32Array,
    strings: Uint32Array,
    labelNumber: Int32Array,
  ): number {
    const stackStart = samples.stackOffset[sample]!;
    const stackEnd = samples.stackOffset[sample + 1]!;
    const labelStart = samples.labelOffset[sample]!;
    const labelEnd = samples.labelOffset[sample + 1]!;
    const words = stackEnd - stackStart + 1 + (labelEnd - labelStart) * WORDS_PER_LABEL;
    if (words > this.#key.length) this.#key = new Uint32Array(words * 2);
    const key = this.#key;
    let length = 0;
    for (let entry = stackStart; entry < stackEnd; entry++) {
      key[length++] = rows[samples.stack[entry]!]!;
    }
    if (labelStart === labelEnd) return length;
    key[length++] = LABELS_FOLLOW;
    for (let label = labelStart; label < labelEnd; label++) {
      key[length++] = strings[samples.labelKey[label]!]!;
      key[length++] = strings[samples.labelString[label]!]!;
      key[length++] = strings[samples.labelUnit[label]!]!;
      key[length++] = labelNumber[label * 2]!;
      key[length++] = labelNumber[label * 2 + 1]!;
    }
    return length;
  }

  finish(options: { changedOnly?: boolean } = {}): Profile {
    const samples = new SampleBuilder(this.#totals.length);
    for (let row = 0; row < this.#keys.count; row++) {
      const isKept = !options.changedOnly || this.#totals.some((halves) => !halves.isZero(row));
      if (isKept) addMergedSample(samples, this.#keys, row, this.#totals);
    }
    return this.#builder.build(samples.finish());
  }
}

/** int64 totals, one row per key, as halves. */
class GrowingHalves {
  #halves = new Int32Array(2048);

  add(row: number, low: number, high: number): void {
    if (row * 2 >= this.#halves.length) this.#grow();
    const halves = this.#halves;
    const sum = (halves[row * 2]! >>> 0) + (low >>> 0);
    halves[row * 2] = sum;
    halves[row * 2 + 1] = halves[row * 2 + 1]! + high + (sum > 0xffff_ffff ? 1 : 0);
  }

  #grow(): void {
    const wider = new Int32Array(this.#halves.length * 2);
    wider.set(this.#halves);
    this.#halves = wider;
  }

  low(row: number): number {
    return this.#halves[row * 2] ?? 0;
  }

  high(row: number): number {
    return this.#halves[row * 2 + 1] ?? 0;
  }

  isZero(row: number): boolean {
    return (this.low(row) | this.high(row)) === 0;
  }
}

function addMergedSample(
  samples: SampleBuilder,
  keys: SequenceIndex,
  row: number,
  totals: readonly GrowingHalves[],
): void {
  const { words } = keys;
  const end = keys.offsetOf(row + 1);
  let word = keys.offsetOf(row);
  for (; word < end && words[word] !== LABELS_FOLLOW; word++) samples.pushLocation(words[word]!);
  for (word += 1; word < end; word += WORDS_PER_LABEL) {
    samples.pushLabel(words[word]!, words[word + 1]!, words[word + 2]!);
    samples.pushLabelHalves(words[word + 3]!, words[word + 4]!);
  }
  for (const [type, halves] of totals.entries()) {
    samples.pushHalves(type, halves.low(row), halves.high(row));
  }
  samples.endSample();
}

/** For each wanted sample type, which of the profile's it is. */
function matchTypes(wanted: readonly ValueType[], { sampleTypes }: Profile): number[] {
  const left = new Set(sampleTypes.keys());
  return wanted.map(({ type, unit }) => {
    const match = [...left].find(
      (index) => sampleTypes[index]!.type === type && sampleTypes[index]!.unit === unit,
    );
    if (match !== undefined) {
      left.delete(match);
      return match;
    }
    const what = `one of them has no sample type ${type}/${unit}`;
    throw new ProfileError(describeProfileProblem("WT_PROFILE_INCOMPATIBLE", 0, what));
  });
}

function mergedHeader(first: Profile, profiles: readonly Profile[]): ProfileHeader {
  const times = profiles.map(({ timeNanos }) => timeNanos).filter((time) => time !== 0n);
  return {
    ...headerOf(first),
    comments: mergeComments(profiles),
    timeNanos: times.reduce(
      (earliest, time) => (time < earliest ? time : earliest),
      times[0] ?? 0n,
    ),
    durationNanos: profiles.reduce((sum, { durationNanos }) => sum + durationNanos, 0n),
  };
}

/** What is said of one profile holds of the sum as well, but for this. */
function mergeComments(profiles: readonly Profile[]): readonly string[] {
  const all = new Set(profiles.flatMap(({ comments }) => comments));
  if (!profiles.every(isCollected)) all.delete(COLLECTED);
  return [...all];
}

function headerOf(profile: Profile): ProfileHeader {
  const { sampleTypes, defaultSampleType, comments, dropFrames, keepFrames } = profile;
  const { docUrl, timeNanos, durationNanos, periodType, period } = profile;
  return {
    sampleTypes,
    defaultSampleType,
    comments,
    dropFrames,
    keepFrames,
    docUrl,
    timeNanos,
    durationNanos,
    periodType,
    period,
  };
}

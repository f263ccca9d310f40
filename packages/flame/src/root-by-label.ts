/** Splits a flame graph by a label: every stack gets the label's value as its outermost frame. */
import { NO_MAPPING, type Profile, type SampleColumns } from "@watertight/profile";

/** What stands below the stacks that do not carry the label. */
const UNLABELLED = "(none)";

/**
 * The same samples with one more frame below each stack: `key: value` of the sample's string
 * label, `key: (none)` where it has none. Linear in samples; the columns of the input are shared.
 */
export function rootByLabel(profile: Profile, key: string): Profile {
  const { samples, strings } = profile;
  const values = readLabel(profile, strings.indexOf(key));
  const roots = [...new Set(values)];
  const names = roots.map((value) => `${key}: ${value < 0 ? UNLABELLED : strings[value]}`);
  const firstLocation = profile.locations.count;
  const rootOf = new Map(roots.map((value, index) => [value, firstLocation + index]));
  return {
    ...profile,
    strings: [...strings, ...names],
    functions: appendFunctions(profile, names.length),
    locations: appendLocations(profile, names.length),
    samples: appendRoots(samples, (sample) => rootOf.get(values[sample] as number) as number),
  };
}

/** Index of the label's string per sample, −1 where a sample does not carry it. */
function readLabel({ samples }: Profile, key: number): Int32Array {
  const values = new Int32Array(samples.count).fill(-1);
  if (key < 0) return values;
  for (let sample = 0; sample < samples.count; sample++) {
    const end = samples.labelOffset[sample + 1]!;
    for (let label = samples.labelOffset[sample]!; label < end; label++) {
      if (samples.labelKey[label] !== key || samples.labelString[label] === 0) continue;
      values[sample] = samples.labelString[label]!;
      break;
    }
  }
  return values;
}

function appendFunctions({ functions, strings }: Profile, added: number): Profile["functions"] {
  const name = grow(functions.name, added);
  const systemName = grow(functions.systemName, added);
  for (let index = 0; index < added; index++) {
    name[functions.count + index] = strings.length + index;
    systemName[functions.count + index] = strings.length + index;
  }
  return {
    count: functions.count + added,
    name,
    systemName,
    file: grow(functions.file, added),
    startLine: growWide(functions.startLine, added),
  };
}

function appendLocations(profile: Profile, added: number): Profile["locations"] {
  const { locations, functions } = profile;
  const lines = locations.lineOffset[locations.count] ?? 0;
  const lineOffset = grow(locations.lineOffset, added);
  const lineFunction = grow(locations.lineFunction.subarray(0, lines), added);
  const isFolded = new Uint8Array(locations.count + added);
  isFolded.set(locations.isFolded);
  for (let index = 0; index < added; index++) {
    lineOffset[locations.count + index + 1] = lines + index + 1;
    lineFunction[lines + index] = functions.count + index;
  }
  return {
    count: locations.count + added,
    address: new BigUint64Array(growWide(locations.address, added).buffer),
    mapping: grow(locations.mapping, added).fill(NO_MAPPING, locations.count),
    isFolded,
    lineOffset,
    lineFunction,
    lineNumber: growWide(locations.lineNumber.subarray(0, lines), added),
    lineColumn: growWide(locations.lineColumn.subarray(0, lines), added),
  };
}

function appendRoots(samples: SampleColumns, rootOf: (sample: number) => number): SampleColumns {
  const stackOffset = new Uint32Array(samples.count + 1);
  const stack = new Uint32Array(samples.stackOffset[samples.count]! + samples.count);
  for (let sample = 0; sample < samples.count; sample++) {
    const start = samples.stackOffset[sample]!;
    const end = samples.stackOffset[sample + 1]!;
    stack.set(samples.stack.subarray(start, end), start + sample);
    stack[end + sample] = rootOf(sample);
    stackOffset[sample + 1] = end + sample + 1;
  }
  return { ...samples, stackOffset, stack };
}

function grow(column: Uint32Array, added: number): Uint32Array {
  const grown = new Uint32Array(column.length + added);
  grown.set(column);
  return grown;
}

function growWide(
  column: BigInt64Array | BigUint64Array,
  added: number,
): BigInt64Array<ArrayBuffer> {
  const grown = new BigInt64Array(column.length + added);
  grown.set(new BigInt64Array(column.buffer, column.byteOffset, column.length));
  return grown;
}

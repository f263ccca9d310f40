/**
 * pprof protobuf, decoding side.
 * Source: https://github.com/google/pprof/blob/main/proto/profile.proto
 *
 * Two passes. The first counts and finds ({@link layOutPprof}); the second fills
 * arrays of exactly that size, strings first and samples last, whatever their order
 * in the file. Nothing is an object per sample, and no BigInt is made on the way.
 */
import { isGzip } from "./gzip.ts";
import { decodeFunctions } from "./pprof-functions.ts";
import type { ByteRange } from "./pprof-header.ts";
import { layOutPprof, type PprofLayout } from "./pprof-layout.ts";
import { PPROF_LIMITS, type PprofLimits } from "./pprof-limits.ts";
import { decodeLocations } from "./pprof-locations.ts";
import { decodeMappings } from "./pprof-mappings.ts";
import { PprofReferences } from "./pprof-references.ts";
import { decodeSamples } from "./pprof-samples.ts";
import { decodeStringTable } from "./pprof-strings.ts";
import type { ProfileProblem } from "./errors.ts";
import { ProblemLog } from "./problem-log.ts";
import type { Profile, ValueType } from "./profile.ts";
import { ValueTypeField } from "./pprof-fields.ts";
import { VARINT, WireReader } from "./wire-reader.ts";

/** A profile and everything that was wrong with its bytes. */
export interface DecodedProfile {
  readonly profile: Profile;
  readonly problems: readonly ProfileProblem[];
}

/**
 * Decodes an inflated pprof file. Never throws on bad input: what is whole is in the
 * profile, the rest is in `problems` (`WT_PROFILE_TRUNCATED`, `_CORRUPT`,
 * `_MISSING_REFERENCE`, `_LIMIT`, `_COMPRESSED`, `_UNKNOWN_FORMAT`) with byte offsets.
 */
export function decodePprof(bytes: Uint8Array, options: Partial<PprofLimits> = {}): DecodedProfile {
  const limits = { ...PPROF_LIMITS, ...options };
  const problems = new ProblemLog(limits.problemsMax);
  const compressed = isGzip(bytes);
  if (compressed) problems.add("WT_PROFILE_COMPRESSED", 0, "they start like a gzip file");
  const input = compressed ? bytes.subarray(0, 0) : bytes;
  const layout = layOutPprof(input, limits, problems);
  if (!compressed && isEmpty(layout)) {
    const what = bytes.length === 0 ? "there are none" : "no field of a profile can be read";
    problems.add("WT_PROFILE_UNKNOWN_FORMAT", 0, what);
  }
  return { profile: decodeParts(input, layout, limits, problems), problems: problems.list() };
}

function isEmpty(layout: PprofLayout): boolean {
  const { samples, locations, functions, mappings, strings, header } = layout;
  const rows = [samples, locations, functions, mappings, strings];
  return rows.every((window) => window.count === 0) && header.sampleTypes.length === 0;
}

function decodeParts(
  bytes: Uint8Array,
  layout: PprofLayout,
  limits: PprofLimits,
  problems: ProblemLog,
): Profile {
  const { header } = layout;
  const strings = decodeStringTable(bytes, layout.strings, problems);
  const references = new PprofReferences({
    stringCount: strings.length,
    isPartial: layout.isPartial,
    problems,
  });
  const functions = decodeFunctions(bytes, layout.functions, references);
  const mappings = decodeMappings(bytes, layout.mappings, references);
  const context = { functions, mappings, references };
  const locations = decodeLocations(bytes, layout.locations, layout.lineCount, context);
  const readType = (range: ByteRange): ValueType =>
    readValueType(bytes, range, strings, references);
  const sampleTypes = header.sampleTypes.map(readType);
  boundValues(layout, sampleTypes.length, limits, problems);
  const textOf = (index: number, offset: number): string =>
    strings[index] ?? strings[references.missingString(index, offset)]!;
  const samples = decodeSamples(bytes, layout, {
    typeCount: sampleTypes.length,
    locationIds: locations.ids,
    references,
    limits,
    problems,
  });
  return {
    strings,
    sampleTypes,
    defaultSampleType:
      textOf(header.defaultSampleType.index, header.defaultSampleType.offset) || undefined,
    functions: locations.functions,
    mappings: mappings.columns,
    locations: locations.columns,
    samples,
    comments: header.comments.map(({ index, offset }) => textOf(index, offset)),
    dropFrames: textOf(header.dropFrames.index, header.dropFrames.offset),
    keepFrames: textOf(header.keepFrames.index, header.keepFrames.offset),
    docUrl: textOf(header.docUrl.index, header.docUrl.offset),
    timeNanos: header.timeNanos,
    durationNanos: header.durationNanos,
    periodType: header.periodType && readType(header.periodType),
    period: header.period,
  };
}

/** Takes fewer samples when all sample types of all of them would not fit `valuesMax`. */
function boundValues(
  layout: PprofLayout,
  typeCount: number,
  limits: PprofLimits,
  problems: ProblemLog,
): void {
  const samplesMax = Math.floor(limits.valuesMax / Math.max(typeCount, 1));
  if (layout.samples.count <= samplesMax) return;
  layout.samples.count = samplesMax;
  problems.add("WT_PROFILE_LIMIT", layout.samples.start, `valuesMax (${limits.valuesMax})`);
}

function readValueType(
  bytes: Uint8Array,
  range: ByteRange,
  strings: readonly string[],
  references: PprofReferences,
): ValueType {
  const reader = new WireReader(bytes, range.start, range.end);
  let type = "";
  let unit = "";
  while (reader.nextField()) {
    if (reader.wireType !== VARINT) reader.skipField();
    else if (reader.readVarint()) {
      if (reader.field === ValueTypeField.type) type = strings[references.string(reader)]!;
      else if (reader.field === ValueTypeField.unit) unit = strings[references.string(reader)]!;
    }
  }
  return { type, unit };
}

/**
 * pprof protobuf, encoding side.
 * Source: https://github.com/google/pprof/blob/main/proto/profile.proto
 *
 * Ids are rows plus one. Samples come last, behind everything they refer to, so
 * that a file cut short still names its functions.
 */
import {
  FunctionField,
  LabelField,
  LineField,
  LocationField,
  MappingField,
  ProfileField,
  SampleField,
  ValueTypeField,
} from "./pprof-fields.ts";
import { NO_MAPPING, type Profile, type ValueType } from "./profile.ts";
import { halvesOf } from "./wide-column.ts";
import { WireWriter } from "./wire-writer.ts";

/** Encodes a profile, not compressed. Opens in every `go tool pprof`; decoding it gives the same profile. */
export function encodePprof(profile: Profile): Uint8Array<ArrayBuffer> {
  const out = new WireWriter(
    profile.samples.stack.length * 2 + profile.samples.count * 24 + 65_536,
  );
  const table = new StringPlaces(profile);
  for (const type of profile.sampleTypes) {
    writeValueType(out, ProfileField.sampleType, type, table);
  }
  for (const text of table.strings) out.text(ProfileField.stringTable, text);
  writeFunctions(out, profile);
  writeMappings(out, profile);
  writeLocations(out, profile);
  writeHeader(out, profile, table);
  writeSamples(out, profile);
  return out.finish();
}

function writeHeader(out: WireWriter, profile: Profile, table: StringPlaces): void {
  out.number(ProfileField.dropFrames, table.placeOf(profile.dropFrames));
  out.number(ProfileField.keepFrames, table.placeOf(profile.keepFrames));
  out.bigint(ProfileField.timeNanos, profile.timeNanos);
  out.bigint(ProfileField.durationNanos, profile.durationNanos);
  if (profile.periodType) {
    writeValueType(out, ProfileField.periodType, profile.periodType, table);
  }
  out.bigint(ProfileField.period, profile.period);
  const comments = out.begin(ProfileField.comment);
  for (const comment of profile.comments) out.packedNumber(table.placeOf(comment));
  out.end(comments);
  out.number(ProfileField.defaultSampleType, table.placeOf(profile.defaultSampleType ?? ""));
  out.number(ProfileField.docUrl, table.placeOf(profile.docUrl));
}

function writeValueType(
  out: WireWriter,
  field: number,
  type: ValueType,
  table: StringPlaces,
): void {
  const mark = out.begin(field);
  out.number(ValueTypeField.type, table.placeOf(type.type));
  out.number(ValueTypeField.unit, table.placeOf(type.unit));
  out.end(mark);
}

function writeFunctions(out: WireWriter, { functions }: Profile): void {
  const startLine = halvesOf(functions.startLine);
  for (let row = 0; row < functions.count; row++) {
    const mark = out.begin(ProfileField.function);
    out.number(FunctionField.id, row + 1);
    out.number(FunctionField.name, functions.name[row]!);
    out.number(FunctionField.systemName, functions.systemName[row]!);
    out.number(FunctionField.file, functions.file[row]!);
    out.wide(FunctionField.startLine, startLine[row * 2]!, startLine[row * 2 + 1]!);
    out.end(mark);
  }
}

function writeMappings(out: WireWriter, { mappings }: Profile): void {
  const start = halvesOf(mappings.start);
  const limit = halvesOf(mappings.limit);
  const offset = halvesOf(mappings.offset);
  for (let row = 0; row < mappings.count; row++) {
    const mark = out.begin(ProfileField.mapping);
    out.number(MappingField.id, row + 1);
    out.wide(MappingField.start, start[row * 2]!, start[row * 2 + 1]!);
    out.wide(MappingField.limit, limit[row * 2]!, limit[row * 2 + 1]!);
    out.wide(MappingField.offset, offset[row * 2]!, offset[row * 2 + 1]!);
    out.number(MappingField.file, mappings.file[row]!);
    out.number(MappingField.buildId, mappings.buildId[row]!);
    for (let bit = 0; bit < 4; bit++) {
      out.number(MappingField.hasFunctions + bit, (mappings.flags[row]! >>> bit) & 1);
    }
    out.end(mark);
  }
}

function writeLocations(out: WireWriter, { locations }: Profile): void {
  const address = halvesOf(locations.address);
  const number = halvesOf(locations.lineNumber);
  const column = halvesOf(locations.lineColumn);
  for (let row = 0; row < locations.count; row++) {
    const mapping = locations.mapping[row]!;
    const mark = out.begin(ProfileField.location);
    out.number(LocationField.id, row + 1);
    out.number(LocationField.mapping, mapping === NO_MAPPING ? 0 : mapping + 1);
    out.wide(LocationField.address, address[row * 2]!, address[row * 2 + 1]!);
    for (let line = locations.lineOffset[row]!; line < locations.lineOffset[row + 1]!; line++) {
      const lineMark = out.begin(LocationField.line);
      out.number(LineField.function, locations.lineFunction[line]! + 1);
      out.wide(LineField.line, number[line * 2]!, number[line * 2 + 1]!);
      out.wide(LineField.column, column[line * 2]!, column[line * 2 + 1]!);
      out.end(lineMark);
    }
    out.number(LocationField.isFolded, locations.isFolded[row]!);
    out.end(mark);
  }
}

function writeSamples(out: WireWriter, { samples }: Profile): void {
  const values = samples.values.map((column) => halvesOf(column));
  const labelNumber = halvesOf(samples.labelNumber);
  const { stack, stackOffset, labelOffset } = samples;
  for (let row = 0; row < samples.count; row++) {
    const mark = out.begin(ProfileField.sample);
    const ids = out.begin(SampleField.locationId);
    for (let entry = stackOffset[row]!; entry < stackOffset[row + 1]!; entry++) {
      out.packedNumber(stack[entry]! + 1);
    }
    out.end(ids);
    const cells = out.begin(SampleField.value);
    for (const halves of values) out.packedWide(halves[row * 2]!, halves[row * 2 + 1]!);
    out.end(cells);
    for (let label = labelOffset[row]!; label < labelOffset[row + 1]!; label++) {
      const labelMark = out.begin(SampleField.label);
      out.number(LabelField.key, samples.labelKey[label]!);
      out.number(LabelField.string, samples.labelString[label]!);
      out.wide(LabelField.number, labelNumber[label * 2]!, labelNumber[label * 2 + 1]!);
      out.number(LabelField.unit, samples.labelUnit[label]!);
      out.end(labelMark);
    }
    out.end(mark);
  }
}

/** Where the texts of the header stand in the string table, which they join when they are not in it. */
class StringPlaces {
  readonly strings: readonly string[];
  readonly #places: Map<string, number>;

  constructor(profile: Profile) {
    const { sampleTypes, periodType, comments } = profile;
    const types = periodType ? [...sampleTypes, periodType] : sampleTypes;
    const wanted = new Set([
      ...types.flatMap(({ type, unit }) => [type, unit]),
      ...comments,
      profile.dropFrames,
      profile.keepFrames,
      profile.docUrl,
      profile.defaultSampleType ?? "",
    ]);
    this.#places = new Map([["", 0]]);
    for (const [place, text] of profile.strings.entries()) {
      if (wanted.has(text) && !this.#places.has(text)) this.#places.set(text, place);
    }
    const strings = profile.strings.length === 0 ? [""] : [...profile.strings];
    for (const text of wanted) {
      if (this.#places.has(text)) continue;
      this.#places.set(text, strings.length);
      strings.push(text);
    }
    this.strings = strings;
  }

  placeOf(text: string): number {
    return this.#places.get(text) ?? 0;
  }
}

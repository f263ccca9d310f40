/** Bringing the locations of one profile into another one under construction. */
import type { LineSource, ProfileBuilder } from "./profile-builder.ts";
import { NO_MAPPING, type Profile } from "./profile.ts";

/**
 * Interns every location of `profile`, with its functions and mappings, in `builder`.
 * `strings` are the builder's indexes of the profile's strings. Answers the builder's
 * row for each of the profile's.
 */
export function importLocations(
  profile: Profile,
  strings: Uint32Array,
  builder: ProfileBuilder,
): Uint32Array {
  const { locations } = profile;
  const functions = importFunctions(profile, strings, builder);
  const mappings = importMappings(profile, strings, builder);
  const rows = new Uint32Array(locations.count);
  for (let row = 0; row < locations.count; row++) {
    const lines: LineSource[] = [];
    for (let line = locations.lineOffset[row]!; line < locations.lineOffset[row + 1]!; line++) {
      lines.push({
        function: functions[locations.lineFunction[line]!]!,
        line: locations.lineNumber[line]!,
        column: locations.lineColumn[line]!,
      });
    }
    const mapping = locations.mapping[row]!;
    rows[row] = builder.internLocation(lines, {
      address: locations.address[row]!,
      mapping: mapping === NO_MAPPING ? NO_MAPPING : mappings[mapping]!,
      isFolded: locations.isFolded[row]!,
    });
  }
  return rows;
}

function importFunctions(
  { functions }: Profile,
  strings: Uint32Array,
  builder: ProfileBuilder,
): Uint32Array {
  const rows = new Uint32Array(functions.count);
  for (let row = 0; row < functions.count; row++) {
    rows[row] = builder.internFunction({
      name: strings[functions.name[row]!]!,
      systemName: strings[functions.systemName[row]!]!,
      file: strings[functions.file[row]!]!,
      startLine: functions.startLine[row]!,
    });
  }
  return rows;
}

function importMappings(
  { mappings }: Profile,
  strings: Uint32Array,
  builder: ProfileBuilder,
): Uint32Array {
  const rows = new Uint32Array(mappings.count);
  for (let row = 0; row < mappings.count; row++) {
    rows[row] = builder.internMapping({
      start: mappings.start[row]!,
      limit: mappings.limit[row]!,
      offset: mappings.offset[row]!,
      file: strings[mappings.file[row]!]!,
      buildId: strings[mappings.buildId[row]!]!,
      flags: mappings.flags[row]!,
    });
  }
  return rows;
}

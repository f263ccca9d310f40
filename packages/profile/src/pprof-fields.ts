/**
 * Field numbers of `profile.proto`.
 * Source: https://github.com/google/pprof/blob/main/proto/profile.proto
 */

export const ProfileField = {
  sampleType: 1,
  sample: 2,
  mapping: 3,
  location: 4,
  function: 5,
  stringTable: 6,
  dropFrames: 7,
  keepFrames: 8,
  timeNanos: 9,
  durationNanos: 10,
  periodType: 11,
  period: 12,
  comment: 13,
  defaultSampleType: 14,
  docUrl: 15,
} as const;

export const ValueTypeField = { type: 1, unit: 2 } as const;

export const SampleField = { locationId: 1, value: 2, label: 3 } as const;

export const LabelField = { key: 1, string: 2, number: 3, unit: 4 } as const;

export const MappingField = {
  id: 1,
  start: 2,
  limit: 3,
  offset: 4,
  file: 5,
  buildId: 6,
  hasFunctions: 7,
  hasFilenames: 8,
  hasLineNumbers: 9,
  hasInlineFrames: 10,
} as const;

export const LocationField = { id: 1, mapping: 2, address: 3, line: 4, isFolded: 5 } as const;

export const LineField = { function: 1, line: 2, column: 3 } as const;

export const FunctionField = { id: 1, name: 2, systemName: 3, file: 4, startLine: 5 } as const;

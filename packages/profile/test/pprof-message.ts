/**
 * Profiles as plain objects, and a second, naive encoder for them that writes what the
 * product's own never would: any field order, unpacked numbers, padded varints, ids of
 * every kind and fields from the future.
 */
import fc from "fast-check";
import type { Profile } from "@watertight/profile";

export interface PlainProfile {
  readonly strings: readonly string[];
  readonly types: readonly (readonly [number, number])[];
  readonly functions: readonly { id: bigint; name: number; file: number; startLine: bigint }[];
  readonly locations: readonly {
    id: bigint;
    address: bigint;
    lines: readonly { function: number; line: bigint; column: bigint }[];
  }[];
  readonly samples: readonly {
    stack: readonly number[];
    values: readonly bigint[];
    labels: readonly { key: number; text: number; number: bigint; unit: number }[];
  }[];
  readonly timeNanos: bigint;
  readonly comments: readonly number[];
}

/** How a {@link PlainProfile} is written. */
export interface WireStyle {
  readonly isPacked: boolean;
  readonly isPadded: boolean;
  readonly hasUnknownFields: boolean;
  /** Ranks of the outermost fields: lower ones are written first. */
  readonly ranks: readonly number[];
}

export const wireStyles: fc.Arbitrary<WireStyle> = fc.record({
  isPacked: fc.boolean(),
  isPadded: fc.boolean(),
  hasUnknownFields: fc.boolean(),
  ranks: fc.array(fc.nat(9), { minLength: 16, maxLength: 16 }),
});

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 300n }),
);
const id64 = fc.oneof(
  fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
  fc.bigInt({ min: 1n, max: 40n }),
);

export const plainProfiles: fc.Arbitrary<PlainProfile> = fc
  .record({
    texts: fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { maxLength: 8 }),
    functionIds: fc.uniqueArray(id64, { minLength: 1, maxLength: 6 }),
    locationIds: fc.oneof(
      fc.uniqueArray(id64, { minLength: 1, maxLength: 8 }),
      fc
        .integer({ min: 1, max: 300 })
        .map((n) => Array.from({ length: n }, (_, i) => BigInt(i + 1))),
    ),
    typeCount: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ texts, functionIds, locationIds, typeCount }) => {
    const string = fc.nat(texts.length);
    const record = { name: string, file: string, startLine: int64 };
    const line = fc.record({
      function: fc.nat(functionIds.length - 1),
      line: int64,
      column: int64,
    });
    const label = fc.oneof(
      fc.record({ key: string, text: string, number: fc.constant(0n), unit: fc.constant(0) }),
      fc.record({ key: string, text: fc.constant(0), number: int64, unit: string }),
    );
    return fc.record({
      strings: fc.constant(["", ...texts]),
      types: fc.array(fc.tuple(string, string), { minLength: typeCount, maxLength: typeCount }),
      functions: fc.tuple(
        ...functionIds.map((id) => fc.record({ id: fc.constant(id), ...record })),
      ),
      locations: fc.tuple(
        ...locationIds.map((id) =>
          fc.record({
            id: fc.constant(id),
            address: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
            lines: fc.array(line, { maxLength: 3 }),
          }),
        ),
      ),
      samples: fc.array(
        fc.record({
          stack: fc.array(fc.nat(locationIds.length - 1), { maxLength: 12 }),
          values: fc.array(int64, { minLength: typeCount, maxLength: typeCount }),
          labels: fc.array(label, { maxLength: 2 }),
        }),
        { maxLength: 8 },
      ),
      timeNanos: int64,
      comments: fc.array(string, { maxLength: 3 }),
    });
  });

/** Writes the profile in the given style. */
export function writePlain(profile: PlainProfile, style: WireStyle): Uint8Array {
  const wire = new NaiveWire(style);
  const fields: { field: number; bytes: number[] }[] = [];
  const put = (field: number, bytes: number[]): void => {
    fields.push({ field, bytes });
  };
  for (const [type, unit] of profile.types) {
    put(1, wire.message(1, [wire.varint(1, type), wire.varint(2, unit)]));
  }
  for (const { stack, values, labels } of profile.samples) {
    put(
      2,
      wire.message(2, [
        wire.numbers(
          1,
          stack.map((row) => profile.locations[row]!.id),
        ),
        wire.numbers(2, values),
        ...labels.map(({ key, text, number, unit }) =>
          wire.message(3, [
            wire.varint(1, key),
            wire.varint(2, text),
            wire.varint(3, number),
            wire.varint(4, unit),
          ]),
        ),
      ]),
    );
  }
  for (const { id, address, lines } of profile.locations) {
    const written = lines.map((line) =>
      wire.message(4, [
        wire.varint(1, profile.functions[line.function]!.id),
        wire.varint(2, line.line),
        wire.varint(3, line.column),
      ]),
    );
    put(4, wire.message(4, [wire.varint(1, id), wire.varint(3, address), ...written]));
  }
  for (const { id, name, file, startLine } of profile.functions) {
    put(
      5,
      wire.message(5, [
        wire.varint(1, id),
        wire.varint(2, name),
        wire.varint(3, name),
        wire.varint(4, file),
        wire.varint(5, startLine),
      ]),
    );
  }
  for (const text of profile.strings)
    put(6, wire.delimited(6, [...new TextEncoder().encode(text)]));
  put(9, wire.varint(9, profile.timeNanos));
  put(13, wire.numbers(13, profile.comments.map(BigInt)));
  const ordered = fields.toSorted((a, b) => style.ranks[a.field]! - style.ranks[b.field]!);
  return Uint8Array.from([...ordered.flatMap(({ bytes }) => bytes), ...wire.unknown()]);
}

class NaiveWire {
  readonly #style: WireStyle;
  constructor(style: WireStyle) {
    this.#style = style;
  }

  varint(field: number, value: number | bigint): number[] {
    return [...this.#number(field << 3), ...this.#number(value)];
  }

  numbers(field: number, values: readonly bigint[]): number[] {
    if (!this.#style.isPacked) return values.flatMap((value) => this.varint(field, value));
    return this.delimited(
      field,
      values.flatMap((value) => this.#number(value)),
    );
  }

  delimited(field: number, payload: readonly number[]): number[] {
    return [...this.#number((field << 3) | 2), ...this.#number(payload.length), ...payload];
  }

  message(field: number, parts: readonly number[][]): number[] {
    const ahead = this.#style.hasUnknownFields ? this.varint(14, 70_000) : [];
    return this.delimited(field, [...ahead, ...this.unknown(), ...parts.flat(), ...this.unknown()]);
  }

  /** Fields that no profile has: a varint, a text, 32 and 64 bits. */
  unknown(): number[] {
    if (!this.#style.hasUnknownFields) return [];
    const fixed32 = [...this.#number((100 << 3) | 5), 1, 2, 3, 4];
    const fixed64 = [...this.#number((2000 << 3) | 1), 1, 2, 3, 4, 5, 6, 7, 8];
    return [...this.varint(99, -1), ...this.delimited(77, [0xff, 0x80]), ...fixed32, ...fixed64];
  }

  #number(value: number | bigint): number[] {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    if (!this.#style.isPadded || bytes.length > 8) return bytes;
    return [...bytes.slice(0, -1), bytes.at(-1)! | 0x80, 0x80, 0x00];
  }
}

/** A decoded profile as a {@link PlainProfile}; ids become rows plus one where `ids` does not name them. */
export function toPlain(profile: Profile, source: PlainProfile): PlainProfile {
  const { strings, functions, locations, samples } = profile;
  const stringRow = (text: string): number => strings.indexOf(text);
  return {
    strings,
    types: profile.sampleTypes.map(({ type, unit }) => [stringRow(type), stringRow(unit)] as const),
    functions: Array.from({ length: functions.count }, (_, row) => ({
      id: source.functions[row]!.id,
      name: functions.name[row]!,
      file: functions.file[row]!,
      startLine: functions.startLine[row]!,
    })),
    locations: Array.from({ length: locations.count }, (_, row) => ({
      id: source.locations[row]!.id,
      address: locations.address[row]!,
      lines: rowsBetween(locations.lineOffset, row).map((line) => ({
        function: locations.lineFunction[line]!,
        line: locations.lineNumber[line]!,
        column: locations.lineColumn[line]!,
      })),
    })),
    samples: Array.from({ length: samples.count }, (_, row) => ({
      stack: rowsBetween(samples.stackOffset, row).map((entry) => samples.stack[entry]!),
      values: samples.values.map((column) => column[row]!),
      labels: rowsBetween(samples.labelOffset, row).map((label) => ({
        key: samples.labelKey[label]!,
        text: samples.labelString[label]!,
        number: samples.labelNumber[label]!,
        unit: samples.labelUnit[label]!,
      })),
    })),
    timeNanos: profile.timeNanos,
    comments: profile.comments.map(stringRow),
  };
}

function rowsBetween(offsets: Uint32Array, row: number): number[] {
  const start = offsets[row]!;
  return Array.from({ length: offsets[row + 1]! - start }, (_, index) => start + index);
}

/** The same profile with texts in place of indexes where equal texts stand twice in the table. */
export function normalise(profile: PlainProfile): PlainProfile {
  const first = (index: number): number => profile.strings.indexOf(profile.strings[index]!);
  return {
    ...profile,
    types: profile.types.map(([type, unit]) => [first(type), first(unit)] as const),
    comments: profile.comments.map(first),
  };
}

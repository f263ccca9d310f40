/**
 * A heap census as JSON: what `/debug/pprof/census` of an agent answers, and what a folder of
 * captures keeps beside the tasks. Described in `docs/census-json.md`.
 */
import type { CensusEntry, CensusKind, Frame, HeapCensus } from "@watertight/profile";
import { CaptureError } from "../errors.ts";

/** A census, with when it was taken and what was left out. */
export interface TakenCensus {
  readonly census: HeapCensus;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly notes: readonly string[];
}

/** Bytes of JSON that are read. */
export const CENSUS_BYTES_MAX: number = 64 * 1024 * 1024;
const FORMAT = 1;
const ENTRIES_MAX = 20_000;
/** Ids over all entries, those of ties included; those of the largest entries are left out first. */
const IDS_MAX = 2_000_000;
const TIES_MAX = 1_000;
const PLACES_MAX = 100;
const TEXT_CHARS_MAX = 1_024;
const NOTES_MAX = 100;
const KINDS: ReadonlySet<string> = new Set<CensusKind>([
  "timer",
  "handle",
  "listeners",
  "body",
  "request",
  "collection",
  "external",
]);

/** Writes a census as ASCII. What is beyond the bounds is left out, and a note says so. */
export function encodeCensus({ census, atMs, notes }: TakenCensus): Uint8Array {
  const kept = keepWithin(census.entries);
  const leftOut = census.entries.length - kept.length;
  const told =
    leftOut === 0 ? notes : [...notes, `${leftOut} of the largest things were left out.`];
  const { heapBytes, externalBytes } = census;
  const entries = kept.map((entry) => Object.assign({}, entry, { ids: toSteps(entry.ids) }));
  const body = { format: FORMAT, atMs, heapBytes, externalBytes, notes: told, entries };
  const json = JSON.stringify(body).replaceAll(
    /[^\0-~]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return new TextEncoder().encode(`${json}\n`);
}

function keepWithin(entries: readonly CensusEntry[]): readonly CensusEntry[] {
  let ids = 0;
  const small = new Set(
    entries
      .toSorted((a, b) => countIds(a) - countIds(b))
      .filter((entry) => (ids += countIds(entry)) <= IDS_MAX)
      .slice(0, ENTRIES_MAX),
  );
  return entries.filter((entry) => small.has(entry));
}

function countIds({ ids, ties = [] }: CensusEntry): number {
  return ties.reduce((sum, tie) => sum + tie.length, ids.length);
}

/** Ids are large and close to each other: each one as its distance from the one before. */
function toSteps(ids: Float64Array): readonly number[] {
  return Array.from(ids, (id, index) => id - (ids[index - 1] ?? 0));
}

/**
 * Reads a census. Entries of a kind that is not known here are left out.
 *
 * @throws {CaptureError} `WT_CAPTURE_CENSUS_INVALID`, with the byte or the entry that cannot be read
 */
export function decodeCensus(bytes: Uint8Array): TakenCensus {
  const body = readObject(parse(bytes), "the whole");
  if (body["format"] !== FORMAT) refuse("the format is not 1");
  const entries = readArray(body["entries"], "entries", ENTRIES_MAX);
  let ids = 0;
  return {
    atMs: readNumber(body["atMs"], "atMs"),
    notes: readArray(body["notes"], "notes", NOTES_MAX).map((note) => readText(note, "a note")),
    census: {
      heapBytes: readNumber(body["heapBytes"], "heapBytes"),
      externalBytes: readNumber(body["externalBytes"], "externalBytes"),
      entries: entries.flatMap((value, index) => {
        const entry = readEntry(value, `entry ${index}`);
        ids += entry?.ids.length ?? 0;
        if (ids > IDS_MAX) refuse(`more than ${IDS_MAX} ids`);
        return entry ?? [];
      }),
    },
  };
}

function parse(bytes: Uint8Array): unknown {
  if (bytes.length > CENSUS_BYTES_MAX) refuse(`more than ${CENSUS_BYTES_MAX} bytes`);
  // As what it is written in, so that characters are bytes.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const position = /at position (\d+)/.exec(String(error))?.[1] ?? bytes.length;
    return refuse(`no JSON from byte ${position} on`);
  }
}

function readEntry(value: unknown, where: string): CensusEntry | undefined {
  const raw = readObject(value, where);
  const kind = readText(raw["kind"], `${where}, kind`);
  if (!KINDS.has(kind)) return undefined;
  const { ofId, place, ties, ofTies, creator, candidates } = raw;
  return {
    kind: kind as CensusKind,
    name: readText(raw["name"], `${where}, name`),
    count: readNumber(raw["count"], `${where}, count`),
    bytes: readNumber(raw["bytes"], `${where}, bytes`),
    ids: readIds(raw["ids"], `${where}, ids`),
    ...(ofId === undefined ? {} : { ofId: readNumber(ofId, `${where}, ofId`) }),
    ...(place === undefined ? {} : { place: readPlace(place, `${where}, place`) }),
    ...(ties === undefined ? {} : { ties: readTies(ties, `${where}, ties`) }),
    ...(ofTies === undefined ? {} : { ofTies: readTie(ofTies, `${where}, ofTies`) }),
    ...(creator === undefined ? {} : { creator: readPlace(creator, `${where}, creator`) }),
    ...(candidates === undefined
      ? {}
      : { candidates: readPlaces(candidates, `${where}, candidates`) }),
  };
}

function readIds(value: unknown, where: string): Float64Array {
  const steps = readArray(value, where, IDS_MAX);
  const ids = new Float64Array(steps.length);
  let id = 0;
  for (const [index, step] of steps.entries()) {
    id += readNumber(step, where);
    ids[index] = id;
  }
  return ids;
}

function readTies(value: unknown, where: string): readonly (readonly number[])[] {
  return readArray(value, where, TIES_MAX).map((tie) => readTie(tie, where));
}

function readTie(value: unknown, where: string): readonly number[] {
  return readArray(value, where, TIES_MAX).map((id) => readNumber(id, where));
}

function readPlaces(value: unknown, where: string): readonly Frame[] {
  return readArray(value, where, PLACES_MAX).map((place) => readPlace(place, where));
}

function readPlace(value: unknown, where: string): Frame {
  const raw = readObject(value, where);
  return {
    function: readText(raw["function"], where),
    file: readText(raw["file"], where),
    line: readNumber(raw["line"], where),
  };
}

function readObject(value: unknown, where: string): Readonly<Record<string, unknown>> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : refuse(`${where} is no object`);
}

function readArray(value: unknown, where: string, lengthMax: number): readonly unknown[] {
  if (!Array.isArray(value)) return refuse(`${where} is no list`);
  return value.length <= lengthMax ? value : refuse(`${where} is too long`);
}

function readText(value: unknown, where: string): string {
  return typeof value === "string" ? value.slice(0, TEXT_CHARS_MAX) : refuse(`${where} is no text`);
}

function readNumber(value: unknown, where: string): number {
  const isCount = typeof value === "number" && Number.isFinite(value) && value >= 0;
  return isCount ? value : refuse(`${where} is no count`);
}

function refuse(what: string): never {
  throw new CaptureError("WT_CAPTURE_CENSUS_INVALID", what);
}

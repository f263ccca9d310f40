/** One saved file or stream, decoded by what its bytes say it is. */
import {
  decodePprof,
  type GoroutineDump,
  goroutinesFromProfile,
  GoroutineTextDecoder,
  type Profile,
} from "@watertight/profile";
import { GOROUTINE_TEXT_BYTES_MAX } from "./budget.ts";
import { CaptureError, type CaptureProblem } from "./errors.ts";
import { decodeMomentNote, MOMENT_NOTE_BYTES_MAX, type MomentNote } from "./moment-note.ts";
import { recogniseFormat, type SavedFormat } from "./recognise-format.ts";
import type { LentBytes } from "./saved-bytes.ts";

/** What a file gave to the record of its moment. */
export interface SavedCapture {
  readonly goroutines?: GoroutineDump;
  readonly leaked?: GoroutineDump;
  readonly heap?: Profile;
  readonly allocs?: Profile;
  readonly cpu?: Profile;
  readonly threads?: number;
  readonly note?: MomentNote;
  /** When the profile itself says it was taken. */
  readonly atMs?: number;
  /** Inflated bytes. */
  readonly bytes: number;
  readonly problems: readonly CaptureProblem[];
}

const PROFILE_BYTES_MAX = 512 * 1024 * 1024;
const HEAD_BYTES = 4_096;

/**
 * Decodes a saved capture. Text is streamed, whatever its size; a pprof profile is held in memory.
 *
 * @param name of the file, for errors and as a hint (`goroutineleak.txt`)
 * @throws {CaptureError} `WT_CAPTURE_FILE_UNKNOWN`, `WT_CAPTURE_TOO_LARGE`, and what reading throws
 * before anything was decoded
 */
export async function decodeSavedCapture(source: LentBytes, name: string): Promise<SavedCapture> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    const { head, failure } = await readHead(iterator);
    if (head.length === 0 && failure) throw failure;
    const format = recogniseFormat(head);
    const rest = { [Symbol.asyncIterator]: () => iterator };
    const pieces = failure ? failAfter(head, failure) : startWith(head, rest);
    return await decodeAs(format, pieces, name);
  } finally {
    await iterator.return?.();
  }
}

/** The first bytes, at least enough to recognise the format by when there are so many. */
async function readHead(
  iterator: AsyncIterator<Uint8Array>,
): Promise<{ head: Uint8Array; failure?: CaptureError }> {
  let head: Uint8Array = new Uint8Array();
  try {
    while (head.length < HEAD_BYTES) {
      const next = await iterator.next();
      if (next.done) break;
      head = head.length === 0 ? Buffer.from(next.value) : Buffer.concat([head, next.value]);
    }
    return { head };
  } catch (fault) {
    if (fault instanceof CaptureError) return { head, failure: fault };
    throw fault;
  }
}

async function* startWith(head: Uint8Array, rest: LentBytes): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

// oxlint-disable-next-line require-yield -- ends with the failure by intent
async function* failAfter(head: Uint8Array, failure: CaptureError): AsyncGenerator<Uint8Array> {
  yield head;
  throw failure;
}

async function decodeAs(
  format: SavedFormat | undefined,
  pieces: LentBytes,
  name: string,
): Promise<SavedCapture> {
  switch (format) {
    case "goroutine-text":
      return await decodeText(pieces, name);
    case "pprof":
      return await decodeProfile(pieces, name);
    case "json":
      return await decodeNote(pieces, name);
    case undefined:
      throw new CaptureError("WT_CAPTURE_FILE_UNKNOWN", name);
  }
}

async function decodeText(pieces: LentBytes, name: string): Promise<SavedCapture> {
  const isLeakProfile = /goroutine-?leak/i.test(name);
  const decoder = new GoroutineTextDecoder({ leakProfile: isLeakProfile });
  const { bytes, problems } = await drain(pieces, (piece) => {
    decoder.push(piece);
  });
  const decoded = decoder.finish();
  if (decoded.covered === 0) throw new CaptureError("WT_CAPTURE_FILE_UNKNOWN", name);
  const isCut = problems.length > 0 || bytes === GOROUTINE_TEXT_BYTES_MAX;
  const dump = isCut ? { ...decoded, truncated: true } : decoded;
  // debug=2 of the leak profile holds every goroutine, debug=1 only the leaked ones.
  const isLeaked = dump.leakProfile && dump.format === "goroutine-debug1";
  return { ...(isLeaked ? { leaked: dump } : { goroutines: dump }), bytes, problems };
}

async function decodeProfile(pieces: LentBytes, name: string): Promise<SavedCapture> {
  const { body, bytes, problems } = await collect(pieces, name, PROFILE_BYTES_MAX);
  const { profile, problems: faults } = decodePprof(body);
  const [fault] = faults;
  if (profile.sampleTypes.length === 0) {
    const what = fault ? `${name}: ${fault.message}` : name;
    throw new CaptureError("WT_CAPTURE_FILE_UNKNOWN", what);
  }
  if (fault && problems.length === 0) {
    const what = `${name}: ${fault.message}`;
    problems.push(new CaptureError("WT_CAPTURE_PROFILE_INVALID", what).problem);
  }
  const atMs = Number(profile.timeNanos / 1_000_000n);
  return { ...sortProfile(profile, name), ...(atMs > 0 ? { atMs } : {}), bytes, problems };
}

/** Which part of a record a profile is, by its sample types. */
function sortProfile(profile: Profile, name: string): Omit<SavedCapture, "bytes" | "problems"> {
  const types = new Set(profile.sampleTypes.map(({ type }) => type));
  if (types.has("goroutineleak")) {
    return { leaked: { ...goroutinesFromProfile(profile), leakProfile: true } };
  }
  if (types.has("goroutine") || types.has("goroutines")) {
    const dump = goroutinesFromProfile(profile);
    const isLeak = dump.leakProfile || /goroutine-?leak/i.test(name);
    return isLeak ? { leaked: { ...dump, leakProfile: true } } : { goroutines: dump };
  }
  if (types.has("inuse_space") || types.has("alloc_space")) {
    return profile.defaultSampleType === "alloc_space" ? { allocs: profile } : { heap: profile };
  }
  if (types.has("threadcreate")) {
    const counts = profile.samples.values[0] ?? new BigInt64Array();
    return { threads: Number(counts.reduce((sum, count) => sum + count, 0n)) };
  }
  return { cpu: profile };
}

async function decodeNote(pieces: LentBytes, name: string): Promise<SavedCapture> {
  const { body, bytes, problems } = await collect(pieces, name, MOMENT_NOTE_BYTES_MAX);
  const note = decodeMomentNote(body);
  if (!note) throw new CaptureError("WT_CAPTURE_FILE_UNKNOWN", name);
  return { note, bytes, problems };
}

async function collect(
  pieces: LentBytes,
  name: string,
  bytesMax: number,
): Promise<{ body: Uint8Array; bytes: number; problems: CaptureProblem[] }> {
  const parts: Buffer[] = [];
  let size = 0;
  const { bytes, problems } = await drain(pieces, (piece) => {
    size += piece.length;
    if (size > bytesMax)
      throw new CaptureError("WT_CAPTURE_TOO_LARGE", `${name}, ${bytesMax} bytes`);
    parts.push(Buffer.from(piece));
  });
  return { body: Buffer.concat(parts), bytes, problems };
}

/** Gives every piece away; a coded fault after the first piece becomes a problem. */
async function drain(
  pieces: LentBytes,
  take: (piece: Uint8Array) => void,
): Promise<{ bytes: number; problems: CaptureProblem[] }> {
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      bytes += piece.length;
      take(piece);
    }
  } catch (fault) {
    if (fault instanceof CaptureError) return { bytes, problems: [fault.problem] };
    throw fault;
  }
  return { bytes, problems: [] };
}

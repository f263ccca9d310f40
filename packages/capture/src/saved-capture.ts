/** One saved file or stream, decoded by what its bytes say it is. */
import {
  decodeFolded,
  decodePprof,
  detectFormat,
  type GoroutineDump,
  goroutinesFromProfile,
  GoroutineTextDecoder,
  type HeapCensus,
  type Profile,
  type ProfileFormat,
  ProfileError,
} from "@watertight/profile";
import { CaptureError, type CaptureProblem } from "./errors.ts";
import { decodeMomentNote, MOMENT_NOTE_BYTES_MAX, type MomentNote } from "./moment-note.ts";
import type { LentBytes } from "./saved-bytes.ts";
import { CENSUS_BYTES_MAX, decodeCensus } from "./tasks/census-json.ts";

/** What a file gave to the record of its moment. */
export interface SavedCapture {
  readonly goroutines?: GoroutineDump;
  readonly leaked?: GoroutineDump;
  readonly heap?: Profile;
  readonly allocs?: Profile;
  readonly cpu?: Profile;
  readonly threads?: number;
  readonly note?: MomentNote;
  /** Of the process whose goroutines are in the file beside. */
  readonly census?: HeapCensus;
  /** When the profile itself says it was taken. */
  readonly atMs?: number;
  /** Inflated bytes. */
  readonly bytes: number;
  readonly problems: readonly CaptureProblem[];
}

const PROFILE_BYTES_MAX = 512 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
/** How the file ends that `CaptureFolder` writes beside the raw bodies. */
const NOTE_NAME = ".meta.json";
/** How the file ends that is kept of an agent's census. */
const CENSUS_NAME = ".census.json";

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
    if (head.length === 0) throw new CaptureError("WT_CAPTURE_FILE_UNKNOWN", `${name} is empty`);
    const rest = { [Symbol.asyncIterator]: () => iterator };
    const pieces = failure ? failAfter(head, failure) : startWith(head, rest);
    if (name.endsWith(NOTE_NAME)) return await decodeNote(pieces, name);
    if (name.endsWith(CENSUS_NAME)) return await decodeCensusFile(pieces, name);
    return await decodeAs(detectFormat(head), pieces, name);
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
  format: ProfileFormat,
  pieces: LentBytes,
  name: string,
): Promise<SavedCapture> {
  switch (format) {
    case "pprof":
      return await decodeProfile(pieces, name);
    case "folded":
      return await decodeStacks(pieces, name);
    case "goroutine-debug1":
    case "goroutine-debug2":
    // A dump may begin deep in a log, or each of its lines behind a prefix: its reader decides.
    case "unknown":
      return await decodeText(pieces, name);
    case "gzip": {
      const what = `${name} is compressed twice`;
      throw new CaptureError("WT_CAPTURE_FILE_UNKNOWN", what);
    }
  }
}

/** Folded stacks say neither what they count nor a state: they are read as goroutines. */
async function decodeStacks(pieces: LentBytes, name: string): Promise<SavedCapture> {
  const { body, bytes, problems } = await collect(pieces, name, PROFILE_BYTES_MAX);
  const { profile } = decodeFolded(body);
  const isOther = /cpu|heap|alloc|perf/i.test(name);
  const part = isOther ? { cpu: profile } : { goroutines: goroutinesFromProfile(profile) };
  return { ...part, bytes, problems };
}

async function decodeText(pieces: LentBytes, name: string): Promise<SavedCapture> {
  const isLeakProfile = /goroutine-?leak/i.test(name);
  const decoder = new GoroutineTextDecoder({ leakProfile: isLeakProfile });
  const { bytes, problems } = await drain(pieces, (piece) => {
    decoder.push(piece);
  });
  const decoded = finishText(decoder, name);
  const dump = problems.length > 0 ? { ...decoded, truncated: true } : decoded;
  // debug=2 of the leak profile holds every goroutine, debug=1 only the leaked ones.
  const isLeaked = dump.leakProfile && dump.format === "goroutine-debug1";
  return { ...(isLeaked ? { leaked: dump } : { goroutines: dump }), bytes, problems };
}

function finishText(decoder: GoroutineTextDecoder, name: string): GoroutineDump {
  try {
    return decoder.finish();
  } catch (fault) {
    if (!(fault instanceof ProfileError)) throw fault;
    throw new CaptureError(
      "WT_CAPTURE_FILE_UNKNOWN",
      `${name}: ${fault.problem.message.replace(/\.$/, "")}`,
    );
  }
}

async function decodeProfile(pieces: LentBytes, name: string): Promise<SavedCapture> {
  const { body, bytes, problems } = await collect(pieces, name, PROFILE_BYTES_MAX);
  const { profile, problems: faults } = decodePprof(body);
  const [fault] = faults;
  if (profile.sampleTypes.length === 0) {
    const what = fault ? `${name}: ${fault.message.replace(/\.$/, "")}` : name;
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

async function decodeCensusFile(pieces: LentBytes, name: string): Promise<SavedCapture> {
  const { body, bytes, problems } = await collect(pieces, name, CENSUS_BYTES_MAX);
  const { census, atMs } = decodeCensus(body);
  return { census, atMs, bytes, problems };
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

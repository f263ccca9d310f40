/**
 * Inflating gzip in the browser and in Node alike, within a bound, and keeping what
 * was inflated before the input broke off.
 */
import { KeptStream, listMemberStarts } from "./gzip-members.ts";
import { describeProfileProblem, type ProfileProblem } from "./errors.ts";

export interface InflateOptions {
  /** Inflated bytes kept; default 512 MiB. A gzip bomb ends here, not in memory. */
  readonly bytesMax?: number;
}

/** What came out, and what was wrong with what went in. */
export interface InflatedBytes {
  readonly bytes: Uint8Array;
  readonly problems: readonly ProfileProblem[];
}

const BYTES_MAX = 2 ** 29;
/** Deflate cannot make more than this out of one byte. */
const EXPANSION_MAX = 1032;
/** Input goes in by pieces this small, so that a bomb overshoots the bound by 16 MiB at most. */
const PIECE_BYTES = 16_384;
/** CRC-32 and size at the end of a gzip member. */
const TRAILER_BYTES = 8;
/** Turns of the event loop without output after which none is expected any more. */
const QUIET_TURNS_MAX = 25;
/** How Node, Chromium, Firefox and Safari word an input that ends too early. */
const CUT_SHORT = /unexpected end|truncated|EOF/i;

/** True when the bytes start like a gzip member (RFC 1952). */
export function isGzip(head: Uint8Array): boolean {
  return head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * Inflates a gzip file or stream, all of its members. Never rejects for what the bytes are: a cut
 * (`WT_PROFILE_TRUNCATED`), damage (`WT_PROFILE_CORRUPT`) or the bound
 * (`WT_PROFILE_LIMIT`) is a problem beside everything inflated before it.
 */
export async function inflateGzip(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  options: InflateOptions = {},
): Promise<InflatedBytes> {
  const bytesMax = options.bytesMax ?? BYTES_MAX;
  if (source instanceof Uint8Array) return await inflateMembers(source, bytesMax);
  const kept = new KeptStream(source, bytesMax);
  const first = await inflateMember(kept, bytesMax, 0);
  // What looks like damage may be the next member, which takes what is behind it to tell.
  const whole = isDamaged(first) ? await kept.drain() : undefined;
  await kept.close();
  return whole === undefined ? first : await inflateMembers(whole, bytesMax);
}

/** Inflates one member after the other; what follows the last is damage. */
async function inflateMembers(source: Uint8Array, bytesMax: number): Promise<InflatedBytes> {
  const members: Uint8Array[] = [];
  let room = bytesMax;
  for (let rest = source; ;) {
    const whole = await inflateMember([rest], room, guessInflatedBytes(rest));
    const member = isDamaged(whole) ? await inflateFirst(rest, room) : undefined;
    if (member === undefined) return joinMembers(members, whole);
    members.push(member.bytes);
    room -= member.bytes.length;
    rest = rest.subarray(member.compressedBytes);
  }
}

/** The first of several members, when there is another one behind it. */
async function inflateFirst(
  source: Uint8Array,
  bytesMax: number,
): Promise<{ readonly bytes: Uint8Array; readonly compressedBytes: number } | undefined> {
  for (const compressedBytes of listMemberStarts(source)) {
    const exact = source.subarray(0, compressedBytes);
    const { bytes, problems } = await inflateMember([exact], bytesMax, guessInflatedBytes(exact));
    if (problems.length === 0) return { bytes, compressedBytes };
  }
  return undefined;
}

function isDamaged({ problems }: InflatedBytes): boolean {
  return problems.some(({ code }) => code === "WT_PROFILE_CORRUPT");
}

function joinMembers(before: readonly Uint8Array[], last: InflatedBytes): InflatedBytes {
  if (before.length === 0) return last;
  const start = before.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(start + last.bytes.length);
  let at = 0;
  for (const member of [...before, last.bytes]) {
    bytes.set(member, at);
    at += member.length;
  }
  const problems = last.problems.map((problem) =>
    Object.assign({}, problem, { offset: problem.offset + start }),
  );
  return { bytes, problems };
}

async function inflateMember(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  bytesMax: number,
  expectedBytes: number,
): Promise<InflatedBytes> {
  const output = new InflatedOutput(bytesMax, expectedBytes);
  const stream = new DecompressionStream("gzip");
  const reading = readInto(output, stream.readable);
  const failure = await feed(stream.writable, source, output);
  const broken = (await reading) ?? failure;
  const bytes = output.finish();
  if (output.isFull) return withProblem(bytes, "WT_PROFILE_LIMIT", `bytesMax (${bytesMax})`);
  if (broken === undefined) return { bytes, problems: [] };
  const message = messageOf(broken);
  return CUT_SHORT.test(message)
    ? withProblem(bytes, "WT_PROFILE_TRUNCATED", "the compressed data")
    : withProblem(bytes, "WT_PROFILE_CORRUPT", `inflating stopped (${message})`);
}

function withProblem(
  bytes: Uint8Array,
  code: "WT_PROFILE_LIMIT" | "WT_PROFILE_TRUNCATED" | "WT_PROFILE_CORRUPT",
  what: string,
): InflatedBytes {
  return { bytes, problems: [describeProfileProblem(code, bytes.length, what)] };
}

/** Writes every piece; answers what went wrong, if anything did. */
async function feed(
  writable: WritableStream<BufferSource>,
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  output: InflatedOutput,
): Promise<unknown> {
  const writer = writable.getWriter();
  // Its rejection is the same one that writing and reading report.
  writer.closed.catch(() => undefined);
  const trailer = new GzipTrailer();
  try {
    for await (const chunk of source) {
      for (const piece of cut(chunk)) {
        if (output.isFull) return undefined;
        trailer.add(piece);
        await writer.write(piece as Uint8Array<ArrayBuffer>);
      }
    }
    await output.settled(trailer.inflatedBytes);
    await writer.close();
    return undefined;
  } catch (error) {
    await output.settled(Number.NaN);
    await writer.abort(error).catch(() => undefined);
    return error ?? new Error("the source failed");
  }
}

async function readInto(output: InflatedOutput, readable: ReadableStream): Promise<unknown> {
  const reader = readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      output.add(value);
      if (!output.isFull) continue;
      await reader.cancel();
      return undefined;
    }
  } catch (error) {
    return error ?? new Error("inflating failed");
  }
}

/** Output of one inflation, in one growing block. */
class InflatedOutput {
  readonly #bytesMax: number;
  #block: Uint8Array;
  #length = 0;
  #chunks = 0;
  isFull = false;

  constructor(bytesMax: number, expected: number) {
    this.#bytesMax = bytesMax;
    this.#block = new Uint8Array(Math.min(bytesMax, Math.max(expected, 65_536)));
  }

  add(chunk: Uint8Array): void {
    const room = this.#bytesMax - this.#length;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.isFull = chunk.length > room;
    const length = this.#length + kept.length;
    if (length > this.#block.length) {
      const wider = new Uint8Array(Math.min(this.#bytesMax, Math.max(length, this.#length * 2)));
      wider.set(this.#block.subarray(0, this.#length));
      this.#block = wider;
    }
    this.#block.set(kept, this.#length);
    this.#length = length;
    this.#chunks += 1;
  }

  /**
   * Waits until the output has the size that the input claims, or nothing more comes.
   * Closing a stream that was cut short is an error, and an error throws away what
   * nobody has read yet.
   */
  async settled(claimedBytes: number): Promise<void> {
    let seen = this.#chunks;
    for (let quietTurns = 0; quietTurns < QUIET_TURNS_MAX; quietTurns++) {
      if (this.#length % 2 ** 32 === claimedBytes || this.isFull) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 0);
      });
      if (seen !== this.#chunks) quietTurns = 0;
      seen = this.#chunks;
    }
  }

  finish(): Uint8Array {
    return this.#block.subarray(0, this.#length);
  }
}

/** Pieces of the chunk; the checksum, if the file ends here, is one of its own: when it is wrong the rest is kept. */
function* cut(chunk: Uint8Array): Iterable<Uint8Array> {
  const body = Math.max(0, chunk.length - TRAILER_BYTES);
  for (let start = 0; start < body; start += PIECE_BYTES) {
    yield chunk.subarray(start, Math.min(start + PIECE_BYTES, body));
  }
  if (chunk.length > 0) yield chunk.subarray(body);
}

/** The last four bytes of a gzip member: its inflated size modulo 2^32. */
class GzipTrailer {
  #tail = new Uint8Array(4);

  add(piece: Uint8Array): void {
    const tail = new Uint8Array(8);
    tail.set(this.#tail);
    tail.set(piece.subarray(-4), 4);
    const kept = Math.min(piece.length, 4);
    this.#tail = tail.slice(kept, kept + 4);
  }

  get inflatedBytes(): number {
    return new DataView(this.#tail.buffer).getUint32(0, true);
  }
}

/** The size that the trailer claims, as far as the input could have made it. */
function guessInflatedBytes(bytes: Uint8Array): number {
  const trailer = new GzipTrailer();
  trailer.add(bytes);
  return Math.min(trailer.inflatedBytes, bytes.length * EXPANSION_MAX);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || messageOf(error.cause);
}

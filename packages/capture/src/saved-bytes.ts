/** The bytes of saved captures, in pieces that are only lent. */
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip, type Gunzip } from "node:zlib";
import { CaptureError } from "./errors.ts";
import { describeFault, readFaultCode, toCaptureError } from "./fault.ts";

/** Pieces of a body. Each is only good until the next one is asked for. */
export type LentBytes = AsyncIterable<Uint8Array>;

const BUFFER_BYTES = 1024 * 1024;
const INFLATE_BUFFER_BYTES = 256 * 1024;
/** Compressed bytes inflated at once: what a bomb can put into memory stays below 64 MiB. */
const INFLATE_STEP_BYTES = 60 * 1024;
/** Where a stream that never ends is left, inflated: far above any real dump. */
const STREAM_BYTES_MAX = 64 * 1024 ** 3;

/**
 * Reads a file, inflating gzip. A plain file is read into two buffers by turns, so that the
 * next megabyte is on its way while the last one is decoded.
 *
 * @throws {CaptureError} `WT_CAPTURE_FILE_UNREADABLE`; `WT_CAPTURE_CUT` or `WT_CAPTURE_ENCODING`
 * after the last good piece of a damaged gzip file
 */
export async function* readFileBytes(path: string): AsyncGenerator<Uint8Array> {
  const file = await openFile(path);
  let isGzip = false;
  try {
    const head = Buffer.alloc(2);
    const { bytesRead } = await readAt(file, path, head, 0);
    isGzip = bytesRead === 2 && head[0] === 0x1f && head[1] === 0x8b;
    if (!isGzip) yield* readTurns(file, path);
  } finally {
    await file.close();
  }
  if (isGzip) yield* inflatePieces(createReadStream(path, { highWaterMark: BUFFER_BYTES }), path);
}

/** Reads a stream such as standard input, inflating gzip. */
export async function* readStreamBytes(stream: Readable, name: string): AsyncGenerator<Uint8Array> {
  const iterator = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  const second = first.value.length < 2 ? await iterator.next() : undefined;
  const head = second?.done === false ? Buffer.concat([first.value, second.value]) : first.value;
  const whole = (async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  })();
  if (head[0] === 0x1f && head[1] === 0x8b) yield* inflatePieces(whole, name);
  else yield* bounded(whole, name);
}

async function* readTurns(file: FileHandle, path: string): AsyncGenerator<Uint8Array> {
  const buffers = [Buffer.allocUnsafe(BUFFER_BYTES), Buffer.allocUnsafe(BUFFER_BYTES)] as const;
  let turn = 0;
  let position = 0;
  let pending = readAt(file, path, buffers[0], 0);
  for (;;) {
    const { bytesRead, buffer } = await pending;
    if (bytesRead === 0) return;
    position += bytesRead;
    turn = 1 - turn;
    pending = readAt(file, path, turn === 0 ? buffers[0] : buffers[1], position);
    // A reader that stops early must not leave this read's failure unheard.
    pending.catch(() => undefined);
    yield buffer.subarray(0, bytesRead);
  }
}

/** Inflates step by step; what was good before a fault is yielded before the fault is thrown. */
async function* inflatePieces(
  source: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: INFLATE_BUFFER_BYTES });
  const closed = new Promise<void>((resolve) => gunzip.once("close", resolve));
  const pieces: Uint8Array[] = [];
  gunzip.on("data", (piece: Uint8Array) => {
    pieces.push(piece);
  });
  let fault: unknown;
  gunzip.once("error", (error) => {
    fault = error;
  });
  const take = (): Uint8Array[] => pieces.splice(0);
  try {
    for await (const compressed of source) {
      for (let at = 0; at < compressed.length && !gunzip.destroyed; at += INFLATE_STEP_BYTES) {
        await writeStep(gunzip, compressed.subarray(at, at + INFLATE_STEP_BYTES));
        yield* take();
      }
      if (gunzip.destroyed) break;
    }
    gunzip.end();
    await closed;
    yield* take();
  } finally {
    gunzip.destroy();
  }
  if (fault !== undefined) throw toCaptureError(fault, name);
}

/** A damaged stream is closed without an answer to what was being written. */
async function writeStep(gunzip: Gunzip, step: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      gunzip.off("close", settle);
      resolve();
    };
    gunzip.once("close", settle);
    gunzip.write(step, settle);
  });
}

async function* bounded(
  source: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.length;
    if (bytes > STREAM_BYTES_MAX) {
      throw new CaptureError("WT_CAPTURE_TOO_LARGE", `${name}, ${STREAM_BYTES_MAX} bytes`);
    }
    yield piece;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (fault) {
    throw unreadable(path, fault);
  }
}

async function readAt(
  file: FileHandle,
  path: string,
  buffer: Buffer,
  position: number,
): Promise<{ bytesRead: number; buffer: Buffer }> {
  try {
    return await file.read(buffer, 0, buffer.length, position);
  } catch (fault) {
    throw unreadable(path, fault);
  }
}

function unreadable(path: string, fault: unknown): CaptureError {
  const reason = readFaultCode(fault) ?? describeFault(fault);
  return new CaptureError("WT_CAPTURE_FILE_UNREADABLE", `${path} (${reason})`);
}

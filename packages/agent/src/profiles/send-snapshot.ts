/**
 * A heap snapshot of this thread, handed to somebody else in pieces. V8 builds one in a single
 * standstill and writes it out in a second one: between the two the service gets its turn.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { getHeapSnapshot } from "node:v8";

/** The service works for as long as it stood still, but the snapshot is memory that is held. */
const PAUSE_MS_MAX = 250;

/** Takes a piece, which is its own from then on. */
export type SendPiece = (piece: Uint8Array<ArrayBuffer>) => void;

/**
 * Takes a snapshot and sends it, about 64 KB at a time. What was sent and is not decoded yet
 * waits at the receiver: at most the whole text, about one and a half times the used heap.
 *
 * @returns milliseconds of the longer standstill
 */
export async function sendHeapSnapshot(send: SendPiece): Promise<number> {
  const giveMemoryBack = await prepareMemory();
  try {
    const startMs = performance.now();
    const snapshot = getHeapSnapshot();
    const takenMs = performance.now() - startMs;
    await sleep(Math.min(takenMs, PAUSE_MS_MAX), undefined, { ref: false });
    const writtenMs = await forward(snapshot, send);
    return Math.max(takenMs, writtenMs);
  } finally {
    giveMemoryBack();
  }
}

/**
 * Sends the snapshot's text. V8 writes all of it when the stream is first read, and a stream
 * would keep it until then: so each piece is taken on its way into the stream's buffer.
 */
async function forward(
  snapshot: ReturnType<typeof getHeapSnapshot>,
  send: SendPiece,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const end = snapshot.push.bind(snapshot);
  snapshot.push = (piece: Uint8Array<ArrayBuffer> | null) => {
    if (piece === null) return end(null);
    send(piece);
    return true;
  };
  // In case a Node to come fills its stream another way.
  snapshot.on("data", send);
  snapshot.once("end", resolve).once("error", reject);
  const startMs = performance.now();
  snapshot.resume();
  // Reading begins in the next turn, and what was read ends in the one after it.
  await promise;
  return performance.now() - startMs;
}

const PIECE_BYTES = 64 * 1024;
const PIECES_A_TURN = 64;
const PAGE_BYTES = 4096;
/** Bytes of memory that building a snapshot takes for each byte of used heap, of small objects. */
const MEMORY_FACTOR = 9;
const PREPARED_BYTES_MAX = 256 * 1024 * 1024;
/** Nothing is prepared that the process could need more. */
const AVAILABLE_SHARE_MAX = 0.25;

/**
 * Has the system hand out, a little at a time, the memory that building a snapshot is going to
 * take: handed out page by page in the standstill it makes that a third longer.
 *
 * @returns what gives the memory back once the snapshot is gone
 */
async function prepareMemory(): Promise<() => void> {
  const wanted = Math.min(
    process.memoryUsage().heapUsed * MEMORY_FACTOR,
    PREPARED_BYTES_MAX,
    process.availableMemory() * AVAILABLE_SHARE_MAX,
  );
  const pieces: ArrayBuffer[] = [];
  while (pieces.length * PIECE_BYTES < wanted) {
    for (let i = 0; i < PIECES_A_TURN; i++) pieces.push(touch(new ArrayBuffer(PIECE_BYTES)));
    await nextTurn();
  }
  // The piece that stays keeps the allocator from giving all below it back to the system at once.
  const last = pieces.pop();
  for (const piece of pieces) piece.transfer(0);
  return () => void last?.transfer(0);
}

function touch(piece: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(piece);
  for (let at = 0; at < PIECE_BYTES; at += PAGE_BYTES) bytes[at] = 1;
  return piece;
}

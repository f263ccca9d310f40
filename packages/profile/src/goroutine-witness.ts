/** One goroutine of a `debug=2` dump kept whole: its argument words. */
import type { Witness } from "./goroutine-dump.ts";
import {
  CALL,
  CREATED,
  ELIDED,
  ENTRY,
  FOREIGN_CALL,
  FOREIGN_LINE,
  type StackEntry,
  UNNAMED_CALL,
} from "./goroutine-stack-entry.ts";

/**
 * How many witnesses groups of one kind may keep together. A group may take a share of what is
 * left, so that the first groups of a dump do not take all.
 */
export class WitnessBudget {
  #left: number;
  readonly #perGroupMax: number;
  readonly #share: number;

  constructor(total: number, perGroupMax: number, share: number) {
    this.#left = total;
    this.#perGroupMax = perGroupMax;
    this.#share = share;
  }

  /** True when a group that has `taken` witnesses may have one more; it is then spent. */
  spend(taken: number): boolean {
    if (taken >= this.#perGroupMax || this.#left === 0) return false;
    if (taken > this.#left * this.#share) return false;
    this.#left -= 1;
    return true;
  }
}

export const NO_WITNESSES: WitnessBudget = new WitnessBudget(0, 0, 0);

const NO_WORDS: readonly number[] = Object.freeze([]);
const LOCK_FUNCTION =
  /^(?:internal\/)?sync\.(?:\(\*(?:RW)?Mutex\)\.|runtime_Semacquire(?!WaitGroup)|runtime_SemacquireRW?Mutex)/;

/** An array that grew reserves room that a copy does not have: witnesses are many. */
const scratchWords: number[] = [];
const scratchFrames: (readonly number[])[] = [];

/** True for a group whose members wait for a lock, by its state or its leaf function. */
export function isLockWait(state: string, leafFunction: string): boolean {
  return (
    state === "semacquire" ||
    state === "sync.Mutex.Lock" ||
    state.startsWith("sync.RWMutex.") ||
    LOCK_FUNCTION.test(leafFunction)
  );
}

function digitOf(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 97 && byte <= 102) return byte - 87;
  return -1;
}

/** `{0x1, 0x2?}, _, ...` as `[1, 2, NaN]`: braces, doubts and the ellipsis are left out. */
function readArgumentWords(bytes: Uint8Array, start: number, end: number): readonly number[] {
  if (start >= end) return NO_WORDS;
  const words = scratchWords;
  words.length = 0;
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === 0x5f) words.push(Number.NaN);
    if (byte !== 48 || bytes[at + 1] !== 0x78) {
      at += 1;
      continue;
    }
    let word = 0;
    for (at += 2; at < end; at += 1) {
      const digit = digitOf(bytes[at] as number);
      if (digit < 0) break;
      word = word * 16 + digit;
    }
    words.push(word > Number.MAX_SAFE_INTEGER ? Number.NaN : word);
  }
  return words.length === 0 ? NO_WORDS : words.slice();
}

/**
 * Reads the stack at `bytes[start … end]`, which is known to be whole, once more for its words.
 * `framesMax` is that of the group.
 */
export function readWitness(
  bytes: Uint8Array,
  start: number,
  end: number,
  entry: StackEntry,
  goroutine: { readonly id: number; readonly creatorId: number; readonly frames: number },
): Witness {
  const frames = scratchFrames;
  frames.length = 0;
  let at = start;
  while (at < end && frames.length < goroutine.frames) {
    const outcome = entry.read(bytes, at, end);
    if (outcome !== ENTRY && outcome !== FOREIGN_LINE) break;
    at = entry.next;
    if (outcome === FOREIGN_LINE || entry.kind === ELIDED) continue;
    if (entry.kind === CREATED) break;
    if (entry.kind === CALL) {
      frames.push(readArgumentWords(bytes, entry.headStart + entry.headLength, entry.argumentsEnd));
    } else if (entry.kind === FOREIGN_CALL || entry.kind === UNNAMED_CALL) {
      frames.push(NO_WORDS);
    }
  }
  const { id, creatorId } = goroutine;
  const words = frames.slice();
  return creatorId === 0 ? { id, words } : { id, creatorId, words };
}

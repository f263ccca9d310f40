/** Byte-level reading that the goroutine text formats share. */

export const NEWLINE = 10;
export const TAB = 9;
export const SPACE = 32;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** The text of `bytes[start … end]`; bytes that are no UTF-8 become U+FFFD. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** A view of a copy of its own. (`slice` of a Node Buffer would share its memory.) */
export function copyView(bytes: Uint8Array, start: number, end: number): DataView {
  return new DataView(new Uint8Array(bytes.subarray(start, end)).buffer);
}

export function textBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** True when `word` stands at `position` and ends before `end`. */
export function startsWithAt(
  bytes: Uint8Array,
  position: number,
  end: number,
  word: Uint8Array,
): boolean {
  if (position + word.length > end) return false;
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[position + index] !== word[index]) return false;
  }
  return true;
}

/** First position of `word` in `bytes[from … end]`, or -1. */
export function findBytes(bytes: Uint8Array, from: number, end: number, word: Uint8Array): number {
  const first = word[0] as number;
  const last = end - word.length;
  for (let position = from; position <= last; position += 1) {
    if (bytes[position] === first && startsWithAt(bytes, position, end, word)) return position;
  }
  return -1;
}

/** Position of the newline that ends the line at `from`, or `end` when the line is not whole. */
export function lineEndAt(bytes: Uint8Array, from: number, end: number): number {
  for (let position = from; position < end; position += 1) {
    if (bytes[position] === NEWLINE) return position;
  }
  return end;
}

/**
 * Compares four bytes at a time. Both views must hold `length` bytes from their position on.
 * The last step overlaps the one before, so that no tail is left.
 */
export function sameBytes(
  left: DataView,
  leftPosition: number,
  right: DataView,
  rightPosition: number,
  length: number,
): boolean {
  if (length < 4) {
    for (let index = 0; index < length; index += 1) {
      if (left.getUint8(leftPosition + index) !== right.getUint8(rightPosition + index))
        return false;
    }
    return true;
  }
  const last = length - 4;
  for (let index = 0; index < last; index += 4) {
    if (left.getInt32(leftPosition + index, true) !== right.getInt32(rightPosition + index, true)) {
      return false;
    }
  }
  return left.getInt32(leftPosition + last, true) === right.getInt32(rightPosition + last, true);
}

/** Makes slots unpredictable, so that no input can be made of texts that share one. */
const HASH_SEED = Math.trunc(Math.random() * 2 ** 32);

/** A 32-bit hash, four bytes at a time, for tables that confirm by {@link sameBytes}. */
export function hashBytes(view: DataView, position: number, length: number, seed: number): number {
  let hash = HASH_SEED ^ seed ^ Math.imul(length, 0x9e3779b1);
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    hash = Math.imul(hash ^ view.getInt32(position + index, true), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  for (; index < length; index += 1) {
    hash = Math.imul(hash ^ view.getUint8(position + index), 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  return hash | 0;
}

/** The column, or a copy at least `length` long and twice as long as it was. */
export function grown<Column extends Int32Array | Uint8Array>(
  column: Column,
  length: number,
): Column {
  if (length <= column.length) return column;
  const wider = new (column.constructor as new (length: number) => Column)(
    Math.max(length, column.length * 2),
  );
  wider.set(column);
  return wider;
}

/**
 * The strings of a heap snapshot, kept as the bytes they came in. A snapshot holds every
 * string of the program; an analysis reads a few thousand of them, so each is decoded when
 * it is asked for.
 */
export interface SnapshotStrings {
  readonly count: number;
  /** The text at an index; the empty string beyond the end (a snapshot that was cut). */
  at(index: number): string;
  /** The index of the first string equal to `text` (printable ASCII only), or -1. */
  find(text: string): number;
  /** Every index whose text begins with `prefix` (printable ASCII only). */
  findPrefixed(prefix: string): readonly number[];
}

/** Wraps the bytes between the quotes: string `i` is `bytes[offsets[i] … offsets[i + 1] - 1]`, still escaped as JSON. */
export function createSnapshotStrings(
  bytes: Uint8Array,
  offsets: Uint32Array,
  count: number,
): SnapshotStrings {
  const decoder = new TextDecoder();
  const known = new Map<number, string>();
  const beginsWith = (index: number, text: string): boolean => {
    const start = offsets[index] as number;
    if ((offsets[index + 1] as number) - 1 - start < text.length) return false;
    for (let i = 0; i < text.length; i++) {
      if (bytes[start + i] !== text.charCodeAt(i)) return false;
    }
    return true;
  };
  const found = new Map<string, number>();
  const search = (text: string): number => {
    for (let index = 0; index < count; index++) {
      const length = (offsets[index + 1] as number) - 1 - (offsets[index] as number);
      if (length === text.length && beginsWith(index, text)) return index;
    }
    return -1;
  };
  return {
    count,
    at(index) {
      if (index >= count) return "";
      const seen = known.get(index);
      if (seen !== undefined) return seen;
      const raw = decoder.decode(
        bytes.subarray(offsets[index], (offsets[index + 1] as number) - 1),
      );
      const text = raw.includes("\\") ? unescape(raw) : raw;
      if (known.size < DECODED_MAX) known.set(index, text);
      return text;
    },
    find(text) {
      const seen = found.get(text);
      if (seen !== undefined) return seen;
      const index = search(text);
      found.set(text, index);
      return index;
    },
    findPrefixed(prefix) {
      const found: number[] = [];
      for (let index = 0; index < count; index++) {
        if (beginsWith(index, prefix)) found.push(index);
      }
      return found;
    },
  };
}

/** Decoded strings that are kept for a second asking. */
const DECODED_MAX = 65_536;

function unescape(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

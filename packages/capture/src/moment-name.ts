/** What a capture's file name says: when it was taken, and with which files it belongs together. */

const STAMP =
  /(\d{4})-?(\d\d)-?(\d\d)[T_ -]?(\d\d)[-:_h]?(\d\d)[-:_m]?(\d\d)(?:[.,](\d{1,9}))?(?:Z|(?=[^0-9])|$)/;
const EPOCH = /(?<!\d)(1[5-9]\d{8}|2\d{9})(\d{3})?(?!\d)/;
const KIND_WORD =
  /goroutine-?leaks?|goroutines?|heaps?|allocs?|thread-?create|threads?|profile|cpu|pprof|debug=?[012]|meta|census|leaks?|inuse|memory/gi;
const EXTENSION = /(?:\.(?:txt|pb|gz|prof|pprof|out|dump|log|folded|json|bin|trace))+$/i;

/** A file name, read. */
export interface MomentName {
  /** Milliseconds since 1970 (UTC), when the name has a time. */
  readonly atMs: number | undefined;
  /** Equal for files of the same moment: `…Z.goroutine.txt` and `…Z.heap.pb.gz`. */
  readonly moment: string;
}

/** Reads a file name without its folder. */
export function parseMomentName(name: string): MomentName {
  const stamp = STAMP.exec(name);
  if (stamp) {
    const [, year, month, day, hour, minute, second, fraction = "0"] = stamp;
    const millis = Math.floor(Number(`0.${fraction}`) * 1_000);
    const atMs = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      millis,
    );
    if (isPlausible(Number(month), Number(day), Number(hour))) {
      return { atMs, moment: new Date(atMs).toISOString() };
    }
  }
  const epoch = EPOCH.exec(name);
  if (epoch) {
    const atMs = Number(epoch[1]) * 1_000 + Number(epoch[2] ?? 0);
    return { atMs, moment: new Date(atMs).toISOString() };
  }
  const rest = name
    .replace(EXTENSION, "")
    .replace(KIND_WORD, "")
    .replace(/[-_. ]+/g, " ");
  return { atMs: undefined, moment: rest.trim() };
}

/** The time as it stands in front of a file name: sorts as text, and every file system takes it. */
export function formatStamp(atMs: number): string {
  return new Date(atMs).toISOString().replaceAll(":", "-");
}

/** The stamp that {@link formatStamp} wrote at the start of a name, or undefined. */
export function readStamp(name: string): string | undefined {
  return /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z(?=\.)/.exec(name)?.[0];
}

function isPlausible(month: number, day: number, hour: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23;
}

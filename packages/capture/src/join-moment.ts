import type { DumpFormat, GoroutineDump } from "@watertight/profile";
import type { CaptureRecord } from "./capture-record.ts";
import { formatCount, formatPercent } from "./quantity.ts";
import { readVersionFromFrames } from "./runtime-version.ts";
import type { SavedCapture } from "./saved-capture.ts";

/** One saved file of a moment. */
export interface MomentPart {
  readonly name: string;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly capture: SavedCapture;
}

/** Joins the files of one moment into its record. */
export function joinMoment(target: string, parts: readonly MomentPart[]): CaptureRecord {
  const captures = parts.map(({ capture }) => capture);
  const note = captures.find((capture) => capture.note)?.note;
  const dumps = captures.flatMap((capture) => capture.goroutines ?? []);
  const { goroutines: dump, coverage } = chooseDump(dumps, note?.goroutinesTotal);
  const census = findPart(captures, "census");
  const goroutines = dump && census ? { ...dump, census } : dump;
  const version = note?.runtimeVersion ?? (goroutines && readVersionFromFrames(goroutines));
  const threads = note?.threads ?? findPart(captures, "threads");
  return {
    atMs: Math.min(...parts.map(({ atMs }) => atMs)),
    target: note?.target ?? target,
    runtime: note?.runtime ?? goroutines?.runtime ?? "go",
    ...(version === undefined ? {} : { runtimeVersion: version }),
    ...(goroutines ? { goroutines } : {}),
    ...pick(captures, "leaked"),
    ...pick(captures, "heap"),
    ...pick(captures, "allocs"),
    ...pick(captures, "cpu"),
    ...(threads === undefined ? {} : { threads }),
    ...(note?.requestsServed === undefined ? {} : { requestsServed: note.requestsServed }),
    notes: note?.notes ?? coverage,
    problems: captures.flatMap(({ problems }) => problems),
    raw: Object.fromEntries(parts.map(({ name, path }) => [name, path])),
    bytes: captures.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

const BY_WORTH: readonly DumpFormat[] = [
  "pprof",
  "goroutine-debug1",
  "heap-snapshot",
  "goroutine-debug2",
];

/** The dump that says most; the count of a whole one tells what a cut one covers. */
function chooseDump(
  dumps: readonly GoroutineDump[],
  noted: number | undefined,
): { goroutines: GoroutineDump | undefined; coverage: readonly string[] } {
  const worth = (dump: GoroutineDump): number => BY_WORTH.indexOf(dump.format);
  const [best, ...others] = dumps.toSorted((a, b) => worth(b) - worth(a));
  if (!best?.truncated) return { goroutines: best, coverage: [] };
  const totals = others.filter(({ truncated }) => !truncated).map(({ total }) => total);
  const known = Math.max(noted ?? 0, ...totals);
  const covered = formatCount(best.covered);
  if (known <= best.total) {
    const sentence = `The goroutine dump was cut after ${covered} goroutines; how many there were is not known.`;
    return { goroutines: best, coverage: [sentence] };
  }
  const share = formatPercent(best.covered / known);
  const sentence = `The full text of the goroutines was cut: ${covered} of ${formatCount(known)} (${share}) are in it.`;
  return { goroutines: { ...best, total: known }, coverage: [sentence] };
}

function findPart<K extends keyof SavedCapture>(
  captures: readonly SavedCapture[],
  part: K,
): SavedCapture[K] {
  return captures.find((capture) => capture[part] !== undefined)?.[part] as SavedCapture[K];
}

function pick<K extends "leaked" | "heap" | "allocs" | "cpu">(
  captures: readonly SavedCapture[],
  part: K,
): Pick<SavedCapture, K> | Record<string, never> {
  const found = findPart(captures, part);
  return found === undefined ? {} : ({ [part]: found } as unknown as Pick<SavedCapture, K>);
}

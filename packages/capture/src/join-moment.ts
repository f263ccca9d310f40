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
  const goroutines = chooseDump(dumps, note?.goroutinesTotal);
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
    notes: note?.notes ?? (goroutines ? describeCoverage(goroutines) : []),
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
): GoroutineDump | undefined {
  const worth = (dump: GoroutineDump): number => BY_WORTH.indexOf(dump.format);
  const best = dumps.toSorted((a, b) => worth(b) - worth(a))[0];
  if (!best?.truncated) return best;
  const total = Math.max(best.total, noted ?? 0, ...dumps.map((dump) => dump.total));
  return { ...best, total };
}

function describeCoverage(dump: GoroutineDump): readonly string[] {
  if (!dump.truncated) return [];
  if (dump.total <= dump.covered) {
    return [
      `The goroutine dump was cut after ${formatCount(dump.covered)} goroutines; how many there were is not known.`,
    ];
  }
  const share = formatPercent(dump.covered / dump.total);
  return [
    `The full text of the goroutines was cut: ${formatCount(dump.covered)} of ${formatCount(dump.total)} (${share}) are in it.`,
  ];
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

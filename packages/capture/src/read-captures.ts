/** Captures from files, folders and standard input. */
import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import type { CaptureRecord } from "./capture-record.ts";
import { CaptureError } from "./errors.ts";
import { describeFault, readFaultCode } from "./fault.ts";
import { parseMomentName } from "./moment-name.ts";
import { joinMoment, type MomentPart } from "./join-moment.ts";
import { readFileBytes, readStreamBytes } from "./saved-bytes.ts";
import { decodeSavedCapture } from "./saved-capture.ts";

/** Options of {@link readCaptures}. */
export interface ReadCapturesOptions {
  /** What `-` stands for; `process.stdin` by default. */
  readonly stdin?: Readable;
  /** Files of a folder that are read, oldest dropped first; 10,000 by default. */
  readonly filesMax?: number;
  readonly signal?: AbortSignal;
}

const FILES_MAX = 10_000;
const SKIPPED_NAMED_MAX = 5;

/**
 * Reads saved captures: one file, a folder of them (ordered by the time in their names, else by
 * the time in the profile or of the file; files of the same moment become one record), or `-`.
 *
 * @returns oldest first, at least one
 * @throws {CaptureError} `WT_CAPTURE_FILE_UNREADABLE`, `WT_CAPTURE_FILE_UNKNOWN`,
 * `WT_CAPTURE_FOLDER_EMPTY`
 */
export async function readCaptures(
  path: string,
  options: ReadCapturesOptions = {},
): Promise<readonly CaptureRecord[]> {
  if (path === "-") return [await readStandardInput(options.stdin ?? process.stdin)];
  const stats = await statPath(path);
  if (stats.isDirectory()) return await readFolder(path, options);
  return [joinMoment(path, [await readPart(path)])];
}

async function readStandardInput(stdin: Readable): Promise<CaptureRecord> {
  const name = "standard input";
  const capture = await decodeSavedCapture(readStreamBytes(stdin, name), name);
  return joinMoment(name, [{ name, path: name, capture, atMs: capture.atMs ?? Date.now() }]);
}

async function readPart(path: string): Promise<MomentPart> {
  const name = basename(path);
  const [capture, stats] = await Promise.all([
    decodeSavedCapture(readFileBytes(path), name),
    statPath(path),
  ]);
  const atMs = parseMomentName(name).atMs ?? capture.atMs ?? stats.mtimeMs;
  return { name, path, capture, atMs: Math.round(atMs) };
}

async function readFolder(
  path: string,
  options: ReadCapturesOptions,
): Promise<readonly CaptureRecord[]> {
  const names = await listFiles(path, options.filesMax ?? FILES_MAX);
  const moments = new Map<string, MomentPart[]>();
  const skipped: string[] = [];
  for (const name of names) {
    if (options.signal?.aborted) throw new CaptureError("WT_CAPTURE_ABORTED", path);
    const part = await readPartOrSkip(join(path, name), skipped);
    if (part) placePart(moments, part);
  }
  const records = [...moments.values()]
    .filter((parts) => parts.some(({ capture }) => capture.note === undefined))
    .map((parts) => joinMoment(path, parts))
    .toSorted((a, b) => a.atMs - b.atMs);
  const [first, ...rest] = records;
  if (!first) throw new CaptureError("WT_CAPTURE_FOLDER_EMPTY", path);
  return [{ ...first, notes: [...first.notes, ...describeSkipped(skipped)] }, ...rest];
}

/** Puts a part beside those of its moment; a second one of the same kind is a moment of its own. */
function placePart(moments: Map<string, MomentPart[]>, part: MomentPart): void {
  const { moment } = parseMomentName(part.name);
  const parts = moments.get(moment);
  if (!parts) moments.set(moment, [part]);
  else if (parts.some((other) => isSameKind(other, part))) {
    moments.set(`${moment}\n${part.name}`, [part]);
  } else parts.push(part);
}

function isSameKind(a: MomentPart, b: MomentPart): boolean {
  const kinds = ["leaked", "heap", "allocs", "cpu", "threads", "note", "census"] as const;
  if (kinds.some((kind) => a.capture[kind] !== undefined && b.capture[kind] !== undefined)) {
    return true;
  }
  const format = a.capture.goroutines?.format;
  return format !== undefined && format === b.capture.goroutines?.format;
}

async function listFiles(path: string, filesMax: number): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith("."))
      .map((entry) => entry.name);
    const inOrder = new Intl.Collator("en", { numeric: true });
    return names.toSorted((a, b) => inOrder.compare(a, b)).slice(-filesMax);
  } catch (fault) {
    throw unreadable(path, fault);
  }
}

async function readPartOrSkip(path: string, skipped: string[]): Promise<MomentPart | undefined> {
  try {
    return await readPart(path);
  } catch (fault) {
    if (!(fault instanceof CaptureError)) throw fault;
    skipped.push(basename(path));
    return undefined;
  }
}

function describeSkipped(skipped: readonly string[]): readonly string[] {
  if (skipped.length === 0) return [];
  const named = skipped.slice(0, SKIPPED_NAMED_MAX).join(", ");
  const more = skipped.length > SKIPPED_NAMED_MAX ? ", …" : "";
  return [
    `${skipped.length} files of the folder hold no capture and were skipped: ${named}${more}.`,
  ];
}

async function statPath(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (fault) {
    throw unreadable(path, fault);
  }
}

function unreadable(path: string, fault: unknown): CaptureError {
  const what = `${path} (${readFaultCode(fault) ?? describeFault(fault)})`;
  return new CaptureError("WT_CAPTURE_FILE_UNREADABLE", what);
}

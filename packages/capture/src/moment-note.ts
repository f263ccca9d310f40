/** What a capture knows beside its raw bodies, as the small JSON file next to them. */
import type { CaptureRecord } from "./capture-record.ts";

/** The parts of a record that no raw body holds. */
export type MomentNote = Pick<CaptureRecord, "target" | "runtime" | "notes"> &
  Partial<Pick<CaptureRecord, "runtimeVersion" | "threads" | "requestsServed">> & {
    /** Goroutines that existed, when the text of them was cut. */
    readonly goroutinesTotal?: number;
  };

/** Bytes of a note that are read. */
export const MOMENT_NOTE_BYTES_MAX: number = 1024 * 1024;

const NOTES_MAX = 100;

/** Writes the note of a record. */
export function encodeMomentNote(record: CaptureRecord): Uint8Array {
  const { target, runtime, notes, runtimeVersion, threads, requestsServed } = record;
  const goroutinesTotal = record.goroutines?.total;
  const note = { target, runtime, runtimeVersion, threads, requestsServed, goroutinesTotal, notes };
  return Buffer.from(`${JSON.stringify(note, undefined, 2)}\n`);
}

/** Reads a note; undefined when the JSON is no such note. */
export function decodeMomentNote(bytes: Uint8Array): MomentNote | undefined {
  const note = parseObject(bytes);
  if (!note || typeof note["target"] !== "string") return undefined;
  const notes = Array.isArray(note["notes"]) ? note["notes"].slice(0, NOTES_MAX) : [];
  const version = note["runtimeVersion"];
  return {
    target: note["target"],
    runtime: note["runtime"] === "node" ? "node" : "go",
    notes: notes.filter((sentence) => typeof sentence === "string"),
    ...(typeof version === "string" ? { runtimeVersion: version } : {}),
    ...readCount(note, "threads"),
    ...readCount(note, "requestsServed"),
    ...readCount(note, "goroutinesTotal"),
  };
}

function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function readCount<K extends string>(
  note: Record<string, unknown>,
  key: K,
): { readonly [key in K]?: number } {
  const value = note[key];
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return {};
  return { [key]: value } as { readonly [key in K]?: number };
}

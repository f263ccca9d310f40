/** Recorded series of real Node programs. `record-node-series.ts` makes them. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Observation } from "../src/index.ts";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "fixtures", "node");

/** One recording with what is true of it. */
export interface RecordedProgram {
  /** e.g. `lock-held/ab-ba`. */
  readonly name: string;
  readonly twin: "leaky" | "healthy";
  /** Causes that it may be called by; empty for a healthy one. */
  readonly causes: readonly string[];
  /** Lines at which it leaks. */
  readonly lines: readonly number[];
  readonly captures: readonly Observation[];
}

/** Names of all recordings. */
export function listRecorded(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json.gz"))
    .toSorted();
}

/** Reads one recording. */
export function readRecordedProgram(file: string): RecordedProgram {
  const text = gunzipSync(readFileSync(join(FOLDER, file))).toString("utf8");
  return JSON.parse(text, (key, value: unknown) =>
    (key === "ids" || key === "creatorIds") && Array.isArray(value)
      ? Float64Array.from(value as number[])
      : value,
  ) as RecordedProgram;
}

/** Writes one recording; `root` is left out of its paths. */
export function writeRecordedProgram(program: RecordedProgram, root: string): void {
  const text = JSON.stringify(program, (_, value: unknown) =>
    value instanceof Float64Array ? [...value] : value,
  ).replaceAll(root, "/app");
  const file = `${program.name.replaceAll("/", "-")}-${program.twin}.json.gz`;
  writeFileSync(join(FOLDER, file), gzipSync(text, { level: 9 }));
}

/** The text of a source line, to see what an await waits for. */
import { readFileSync } from "node:fs";
import type { Frame } from "@watertight/finding";

const FILES_MAX = 64;
const files = new Map<string, readonly string[]>();

/** The statement that begins on a frame's line, up to three lines of it; empty when it cannot be read. */
export function sourceOf({ file, line }: Frame): string {
  return linesOf(file)
    .slice(Math.max(0, line - 1), line + 2)
    .join("\n");
}

function linesOf(file: string): readonly string[] {
  const known = files.get(file);
  if (known !== undefined) return known;
  if (files.size >= FILES_MAX) files.clear();
  const lines = readLines(file);
  files.set(file, lines);
  return lines;
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

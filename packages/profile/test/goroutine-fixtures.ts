/** The captured dumps, and a compact way to print what was read of one. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame, GoroutineDump } from "../src/index.ts";

export const fixtureFolder: string = join(import.meta.dirname, "fixtures", "goroutine");

export interface Fixture {
  /** e.g. `go-1.27/goroutine.debug2`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Every captured file whose name matches. */
export function readFixtures(name: RegExp): Fixture[] {
  return readdirSync(fixtureFolder)
    .filter((folder) => folder.startsWith("go-"))
    .flatMap((folder) =>
      readdirSync(join(fixtureFolder, folder)).map((file) => `${folder}/${file}`),
    )
    .filter((file) => name.test(file) && !file.endsWith(".golden"))
    .toSorted()
    .map((file) => ({
      name: file,
      bytes: new Uint8Array(readFileSync(join(fixtureFolder, file))),
    }));
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const placeOf = (frame: Frame): string => `${frame.function} ${frame.file}:${frame.line}`;

/** Runs of equal frames are printed once, with how many there are. */
function printStack(frames: readonly Frame[]): string[] {
  const lines: string[] = [];
  let repeats = 0;
  for (const [depth, frame] of frames.entries()) {
    const line = `    ${placeOf(frame)}`;
    const next = frames[depth + 1];
    repeats += 1;
    if (next !== undefined && placeOf(next) === placeOf(frame)) continue;
    lines.push(repeats === 1 ? line : `${line} ×${repeats}`);
    repeats = 0;
  }
  return lines;
}

/** A golden that a person can check against the capture. */
export function printDump(dump: GoroutineDump): string {
  const lines = [
    `${dump.format}${dump.leakProfile ? " leak profile" : ""}: ${dump.covered} of ${dump.total}${dump.truncated ? ", truncated" : ""}`,
    ...dump.problems.map((problem) => `${problem.code} at ${problem.offset}: ${problem.message}`),
  ];
  for (const group of dump.groups) {
    const marks = [
      group.ids.length > 0 ? `ids ${[...group.ids].join(" ")}` : "",
      group.leaked > 0 ? `${group.leaked} leaked` : "",
      group.lockedToThread > 0 ? `${group.lockedToThread} locked to thread` : "",
      group.elidedFrames > 0 ? `${group.elidedFrames} frames elided` : "",
      Object.keys(group.labels).length > 0 ? JSON.stringify(group.labels) : "",
    ].filter((mark) => mark !== "");
    lines.push("", `${group.count} × [${group.state}] ${marks.join(", ")}`.trimEnd());
    lines.push(...printStack(group.frames));
    if (group.createdBy) lines.push(`  by ${placeOf(group.createdBy)}`);
  }
  return `${lines.join("\n")}\n`;
}

/**
 * Goroutines by state and stack, without the one that takes the capture, whose stack depends on
 * the format. Of deep stacks only the inner frames: 100 with a gap at debug=2, 32 or 128 elsewhere.
 */
export function countByStack(
  dump: GoroutineDump,
  options: { readonly withState: boolean },
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const group of dump.groups) {
    if (group.frames.some((frame) => frame.function === "main.writeProfiles")) continue;
    const isDeep = group.frames.length >= 25;
    const places = (isDeep ? group.frames.slice(0, 10) : group.frames).map(placeOf);
    const key = [options.withState ? group.state : "", ...places].join("\n");
    counts.set(key, (counts.get(key) ?? 0) + group.count);
  }
  return counts;
}

import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  decodeGoroutineText,
  decodePprof,
  type GoroutineDump,
  goroutinesFromProfile,
} from "../src/index.ts";
import { fixtureFolder, printDump, readFixtures } from "./goroutine-fixtures.ts";

const PROFILE_WRITERS = /^(?:runtime\/)?pprof\.|^runtime\/pprof\./;

/** Count by state and stack without the capture's own goroutine, whose stack depends on how it is taken. */
export function countByStack(dump: GoroutineDump, withState: boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const group of dump.groups) {
    if (
      group.frames.some(
        (frame) => PROFILE_WRITERS.test(frame.function) && frame.function.includes("rite"),
      )
    )
      continue;
    // Depths differ between the formats: 100 frames with a gap, 32 or 128 without.
    const deep = group.frames.length >= 25;
    const frames = deep ? group.frames.slice(0, 10) : group.frames;
    const places = frames.map((frame) => `${frame.function} ${frame.file}:${frame.line}`);
    const key = [withState ? group.state : "", ...places].join("\n");
    counts.set(key, (counts.get(key) ?? 0) + group.count);
  }
  return counts;
}

const profiles = readFixtures(/\.debug0$/);

describe("a pprof goroutine profile", () => {
  test.each(profiles)("$name has the states and stacks that debug=2 prints", ({ name, bytes }) => {
    const { profile, problems } = decodePprof(gunzipSync(bytes));
    expect(problems).toEqual([]);
    const dump = goroutinesFromProfile(profile);
    if (name.includes("goroutineleak")) {
      expect(dump.leakProfile).toBe(true);
      expect(dump.groups.every((group) => group.leaked === group.count)).toBe(true);
      return;
    }
    const text = readFixtures(new RegExp(name.replace("debug0", "debug2")))[0];
    const printed = decodeGoroutineText(text?.bytes ?? new Uint8Array());
    expect(countByStack(dump, true)).toEqual(countByStack(printed, true));
    expect(dump.covered).toBe(printed.covered);
  });

  test.each(profiles)("$name reads as its golden says", async ({ name, bytes }) => {
    const dump = goroutinesFromProfile(decodePprof(gunzipSync(bytes)).profile);
    await expect(printDump(dump)).toMatchFileSnapshot(`${fixtureFolder}/${name}.golden`);
  });

  test.each(profiles)("$name keeps labels", ({ bytes }) => {
    const dump = goroutinesFromProfile(decodePprof(gunzipSync(bytes)).profile);
    expect(dump.groups.map((group) => group.labels)).toContainEqual({
      "a key": 'two\nlines "x"',
      handler: "/orders",
    });
  });
});

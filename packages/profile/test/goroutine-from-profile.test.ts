import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeGoroutineText, decodePprof, goroutinesFromProfile } from "../src/index.ts";
import { countByStack, fixtureFolder, printDump, readFixtures } from "./goroutine-fixtures.ts";

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
    expect(countByStack(dump, { withState: true })).toEqual(
      countByStack(printed, { withState: true }),
    );
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

/** Real traces of one second of a service that starts a scheduler of a library's for every request. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeSpawns, ProfileError } from "../src/index.ts";

const VERSIONS = ["go1.19", "go1.26", "go1.27"] as const;
const readTrace = (go: string): Uint8Array =>
  new Uint8Array(
    readFileSync(fileURLToPath(new URL(`fixtures/trace/cron-${go}.trace`, import.meta.url))),
  );

describe.each(VERSIONS)("an execution trace of %s", (go) => {
  const bytes = readTrace(go);
  const whole = decodeSpawns(bytes);

  test("says the whole stack of every go statement, and which goroutine executed it", () => {
    const starts = whole.spawns.filter(({ frames }) => frames[0]?.function.endsWith(".Start"));
    const crons = starts.filter(({ frames }) => frames[0]?.file.endsWith("cron.go"));
    expect(whole.problems).toEqual([]);
    expect(crons).toHaveLength(25);
    for (const { id, parentId, frames } of crons) {
      expect(id).toBeGreaterThan(parentId ?? Number.POSITIVE_INFINITY);
      expect(frames[0]).toMatchObject({
        function: "github.com/robfig/cron/v3.(*Cron).Start",
        line: 222,
      });
      expect(frames[1]?.function).toMatch(
        /^fleet\.test\/telematics\/devices\.init\.0\.func8(\.1)?$/,
      );
      expect(frames[1]?.line).toBe(191);
      expect(frames.at(-1)?.function).toBe("net/http.(*conn).serve");
    }
  });

  test("keeps what was whole when it is cut, at every byte", () => {
    let most = 0;
    for (let length = 16; length < bytes.length; length++) {
      const { spawns, problems } = decodeSpawns(bytes.subarray(0, length));
      expect(spawns.length).toBeGreaterThanOrEqual(most);
      most = spawns.length;
      for (const { code, offset } of problems) {
        expect(code).toBe("WT_PROFILE_TRUNCATED");
        expect(offset).toBeLessThanOrEqual(length);
      }
    }
    expect(most).toBeLessThanOrEqual(whole.spawns.length);
  });

  test("is read to an end whatever is wrong with it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1 }),
        (hits) => {
          const damaged = bytes.slice();
          for (const [at, value] of hits) damaged[Math.max(16, at)] = value;
          expect(decodeSpawns(damaged).spawns.length).toBeLessThan(bytes.length);
        },
      ),
    );
  });
});

test.each([
  [""],
  ["go 1.26 tr"],
  ["go 2.26 trace\0\0\0"],
  ["go 1.5 trace\0\0\0\0"],
  ["{}".repeat(20)],
])("%j is no trace", (text) => {
  expect(() => decodeSpawns(new TextEncoder().encode(text))).toThrow(ProfileError);
});

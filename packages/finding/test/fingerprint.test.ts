import { expect, test } from "vitest";
import * as fc from "fast-check";
import { fingerprintFinding, fnv1a64, normaliseFunctionName } from "../src/index.ts";

const site = { function: "main.(*Api).list.func1", file: "/srv/app/list.go", line: 42 };
const creator = { function: "main.(*Api).list", file: "/srv/app/list.go", line: 40 };

test("FNV-1a gives the published test vectors", () => {
  expect(fnv1a64("").toString(16)).toBe("cbf29ce484222325");
  expect(fnv1a64("a").toString(16)).toBe("af63dc4c8601ec8c");
  expect(fnv1a64("foobar").toString(16)).toBe("85944171f73967e8");
});

test("the hash is over UTF-8", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      let hash = 0xcbf29ce484222325n;
      for (const byte of Buffer.from(text, "utf8")) {
        hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
      }
      expect(fnv1a64(text)).toBe(hash);
    }),
  );
});

test("a leak keeps its fingerprint when lines, folders and closure numbers move", () => {
  const moved = {
    cause: "channel-send",
    site: { function: "main.(*Api).list.func3.2", file: "/home/ci/build/list.go", line: 97 },
    creator: { function: "main.(*Api).list", file: "list.go", line: 0 },
  };
  expect(fingerprintFinding(moved)).toBe(
    fingerprintFinding({ cause: "channel-send", site, creator }),
  );
});

test("another cause, function or file is another fingerprint", () => {
  const ids = [
    fingerprintFinding({ cause: "channel-send", site, creator }),
    fingerprintFinding({ cause: "channel-receive", site, creator }),
    fingerprintFinding({ cause: "channel-send", site: creator, creator: site }),
    fingerprintFinding({ cause: "channel-send", site }),
    fingerprintFinding({ cause: "channel-send", creator: site }),
    fingerprintFinding({ cause: "channel-send", site: { ...site, file: "other.go" }, creator }),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test.each([
  ["main.main.func1", "main.main.func"],
  ["main.main.func12.3.4", "main.main.func"],
  ["main.main.func1.func2", "main.main.func"],
  ["main.(*T).Run.gowrap2", "main.(*T).Run.gowrap"],
  ["main.run.deferwrap1", "main.run.deferwrap"],
  ["main.Map[...].func1", "main.Map.func"],
  ["main.Map[go.shape.[]int].func1", "main.Map.func"],
  ["main.each-range1", "main.each-range"],
  ["main.(*T).Run-fm", "main.(*T).Run"],
  ["github.com/acme/api/v2.Serve", "github.com/acme/api/v2.Serve"],
  ["main.func1handler", "main.func1handler"],
])("%s is normalised to %s", (name, normal) => {
  expect(normaliseFunctionName(name)).toBe(normal);
});

import { expect, test } from "vitest";
import { detectFormat, encodePprof } from "@watertight/profile";
import { decodePprof, decodeFolded } from "@watertight/profile";
import { RECORDED_PROFILES } from "./pprof-fixtures.ts";

const detectText = (text: string): string => detectFormat(new TextEncoder().encode(text));

test.each(RECORDED_PROFILES)("$name is told by any head of it", ({ bytes, compressed }) => {
  expect(detectFormat(compressed)).toBe("gzip");
  const encoded = encodePprof(decodePprof(bytes).profile);
  for (const length of [2, 3, 10, 100, 1000, bytes.length]) {
    if (length > 6) expect(detectFormat(bytes.subarray(0, length))).toBe("pprof");
    if (length > 6) expect(detectFormat(encoded.subarray(0, length))).toBe("pprof");
  }
});

test("a profile made of folded stacks is pprof once encoded", () => {
  const { profile } = decodeFolded(new TextEncoder().encode("a;b 1\n"));
  expect(detectFormat(encodePprof(profile))).toBe("pprof");
});

test.each([
  ["goroutine 1 [running]:\nmain.main()\n", "goroutine-debug2"],
  ["panic: boom\n\ngoroutine 7 gp=0xc000 m=nil [select, 3 minutes]:\n", "goroutine-debug2"],
  ["goroutine profile: total 12\n3 @ 0x1 0x2\n", "goroutine-debug1"],
  ["goroutineleak profile: total 0\n", "goroutine-debug1"],
  ["main;serve;read 12\nmain 3\n", "folded"],
  ["\n# made by hand\nmain;serve 12", "folded"],
  ["grün;ß 12\r\n", "folded"],
  ["<!doctype html>\n<title>404</title>\n", "unknown"],
  ["Unknown profile\n", "unknown"],
  ["heap profile: 1: 2 [3: 4] @ heap/1048576\n", "unknown"],
  ["", "unknown"],
  ["\u0000\u0001\u0002", "unknown"],
  ["\n\n\n", "unknown"],
])("%j is %s", (text, format) => {
  expect(detectText(text)).toBe(format);
});

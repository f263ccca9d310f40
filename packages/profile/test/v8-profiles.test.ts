import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  decodeCpuProfile,
  decodeHeapProfile,
  encodeFolded,
  type Profile,
} from "@watertight/profile";

const folder = mkdtempSync(join(tmpdir(), "watertight-v8-"));
const program = join(import.meta.dirname, "fixtures/node/busy.cjs");

beforeAll(() => {
  const sampling = ["--cpu-prof", "--heap-prof", "--heap-prof-interval=4096"];
  execFileSync(process.execPath, [...sampling, `--diagnostic-dir=${folder}`, program], {
    cwd: folder,
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

function readFile(ending: string): Uint8Array {
  const name = readdirSync(folder).find((each) => each.endsWith(ending));
  return readFileSync(join(folder, name ?? "missing"));
}

function foldedLines(profile: Profile, sampleType: string): readonly string[] {
  return new TextDecoder().decode(encodeFolded(profile, { sampleType })).trim().split("\n");
}

test("a CPU profile of a real process has most of its time in its busy function", () => {
  const lines = foldedLines(decodeCpuProfile(readFile(".cpuprofile")), "cpu");
  const sum = (each: readonly string[]): number =>
    each.reduce((all, line) => all + weightOf(line), 0);
  const busy = lines.filter((line) => line.includes(";callSpin;spinHere"));
  expect(sum(busy)).toBeGreaterThan(sum(lines) / 2);
});

test("a CPU profile's time adds up to no more than it lasted, without the idle time", () => {
  const profile = decodeCpuProfile(readFile(".cpuprofile"));
  const total = (profile.samples.values[1] as BigInt64Array).reduce((sum, each) => sum + each, 0n);
  expect(total).toBeLessThanOrEqual(profile.durationNanos);
  expect(foldedLines(profile, "cpu").join("\n")).not.toContain("(idle)");
});

test("a heap profile says where the memory that is still in use was allocated", () => {
  const profile = decodeHeapProfile(readFile(".heapprofile"));
  const lines = foldedLines(profile, "inuse_space");
  const largest = lines.toSorted((a, b) => weightOf(b) - weightOf(a))[0] as string;
  expect(largest).toMatch(/allocateHere \d+$/);
});

test("an importer keeps the line and the file of each function", () => {
  const profile = decodeCpuProfile(readFile(".cpuprofile"));
  const row = Array.from(profile.functions.name).findIndex(
    (name) => profile.strings[name] === "spinHere",
  );
  expect(profile.strings[profile.functions.file[row] as number]).toBe(program);
  expect(profile.functions.startLine[row]).toBe(2n);
});

test.each([
  ["a cut file", '{"nodes":[{"id":1,"callFrame":{"functionName":"a","url', "WT_PROFILE_TRUNCATED"],
  ["damage", '{"nodes":[1 2]}', "WT_PROFILE_CORRUPT"],
  ["other JSON", '{"hello":1}', "WT_PROFILE_UNKNOWN_FORMAT"],
  ["no object", "null", "WT_PROFILE_UNKNOWN_FORMAT"],
])("%s is a coded error", (_, text, code) => {
  const bytes = new TextEncoder().encode(text);
  expect(() => decodeCpuProfile(bytes)).toThrow(code);
  expect(() => decodeHeapProfile(bytes)).toThrow(code);
});

test("every cut of a real file is a coded error, never a crash", () => {
  for (const ending of [".cpuprofile", ".heapprofile"]) {
    const bytes = readFile(ending);
    for (let cut = 0; cut < bytes.length - 1; cut += 997) {
      const part = bytes.subarray(0, cut);
      const decode = ending === ".cpuprofile" ? decodeCpuProfile : decodeHeapProfile;
      expect(() => decode(part)).toThrow(/WT_PROFILE_(TRUNCATED|CORRUPT)/);
    }
  }
});

function weightOf(line: string): number {
  return Number(line.slice(line.lastIndexOf(" ") + 1));
}

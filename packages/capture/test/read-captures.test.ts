import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { CaptureError } from "../src/errors.ts";
import { readCaptures } from "../src/read-captures.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "watertight-read-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function goroutines(count: number, marker = ""): string {
  const parts = Array.from(
    { length: count },
    (_, i) =>
      `goroutine ${i + 1} [chan receive${marker}, 5 minutes]:\nmain.wait(0xc00001${1000 + i})\n` +
      "\t/app/main.go:10 +0x1c\ncreated by main.start in goroutine 1\n\t/app/main.go:20 +0x2b\n",
  );
  return parts.join("\n");
}

const GROUPED =
  "goroutine profile: total 7\n7 @ 0x1 0x2\n#\t0x1\tmain.wait+0x1c\t/app/main.go:10\n\n";
const LEAKED = GROUPED.replace("goroutine", "goroutineleak");

describe("one file", () => {
  test.each([
    ["full text", "dump.txt", Buffer.from(goroutines(5)), 5],
    ["full text, gzipped", "dump.txt.gz", gzipSync(goroutines(5)), 5],
    ["gzip under any name", "dump", gzipSync(goroutines(5)), 5],
    ["grouped text", "dump.txt", Buffer.from(GROUPED), 7],
    ["folded stacks", "dump.folded", Buffer.from("main.main;main.wait 3\nmain.main;main.x 1\n"), 4],
  ])("%s is read", async (_, name, bytes, total) => {
    const path = join(makeFolder(), name);
    writeFileSync(path, bytes);
    const [record, ...rest] = await readCaptures(path);
    expect(rest).toEqual([]);
    expect(record?.goroutines).toMatchObject({ total, covered: total });
    expect(record).toMatchObject({ target: path, runtime: "go", problems: [] });
  });

  test("a leak profile is told by its text, or by its file's name", async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, "a.txt"), LEAKED);
    writeFileSync(join(folder, "goroutineleak.txt"), goroutines(3, " (leaked)"));
    const [grouped] = await readCaptures(join(folder, "a.txt"));
    expect(grouped?.leaked).toMatchObject({ leakProfile: true, total: 7 });
    const [full] = await readCaptures(join(folder, "goroutineleak.txt"));
    expect(full?.goroutines).toMatchObject({ leakProfile: true, total: 3 });
    expect(full?.goroutines?.groups[0]?.leaked).toBe(3);
  });

  test("the time is that of the name, else that of the file", async () => {
    const folder = makeFolder();
    const named = join(folder, "2026-11-23T10-00-00Z.goroutine.txt");
    const plain = join(folder, "dump.txt");
    for (const path of [named, plain]) {
      writeFileSync(path, GROUPED);
      utimesSync(path, 1_000, 1_000);
    }
    expect((await readCaptures(named))[0]?.atMs).toBe(Date.UTC(2026, 10, 23, 10));
    expect((await readCaptures(plain))[0]?.atMs).toBe(1_000_000);
  });

  test("a cut gzip file gives what was whole, and says that it is cut", async () => {
    const path = join(makeFolder(), "dump.txt.gz");
    const whole = gzipSync(goroutines(20_000));
    writeFileSync(path, whole.subarray(0, whole.length / 2));
    const [record] = await readCaptures(path);
    expect(record?.goroutines).toMatchObject({ truncated: true });
    expect(record?.goroutines?.covered).toBeGreaterThan(1_000);
    expect(record?.problems.map(({ code }) => code)).toEqual(["WT_CAPTURE_CUT"]);
    expect(record?.notes.join()).toMatch(/was cut after \d+,\d+ goroutines/);
  });

  test("a damaged gzip file ends in a coded problem at every place of the damage", async () => {
    const folder = makeFolder();
    const whole = gzipSync(goroutines(300));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, bits) => {
          const path = join(folder, "dump.gz");
          const damaged = Buffer.from(whole);
          damaged[at] = (damaged[at] ?? 0) ^ bits;
          writeFileSync(path, damaged);
          try {
            const [record] = await readCaptures(path);
            // Parts of the header may be anything; what is packed may not, and one byte of it may repeat a goroutine.
            const isWhole = record?.goroutines?.covered === 300;
            expect(isWhole || (record?.problems.length ?? 0) > 0).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(CaptureError);
          }
        },
      ),
      { numRuns: 60, examples: [[1797, 67]] },
    );
  });

  test("text of several megabytes is the same plain, gzipped and from a stream", async () => {
    const folder = makeFolder();
    const text = goroutines(30_000);
    writeFileSync(join(folder, "a.txt"), text);
    writeFileSync(join(folder, "b.txt.gz"), gzipSync(text));
    const [plain] = await readCaptures(join(folder, "a.txt"));
    const [gzipped] = await readCaptures(join(folder, "b.txt.gz"));
    const pieces = Array.from({ length: 50 }, (_, i) => {
      const size = Math.ceil(text.length / 50);
      return Buffer.from(text.slice(i * size, (i + 1) * size));
    });
    const [streamed] = await readCaptures("-", { stdin: Readable.from(pieces) });
    expect(plain?.goroutines?.covered).toBe(30_000);
    expect(gzipped?.goroutines).toEqual(plain?.goroutines);
    expect(streamed?.goroutines).toEqual(plain?.goroutines);
  });

  test.each([
    ["nothing", ""],
    ["prose", "It was a dark and stormy night; the rain fell in torrents.\n"],
    ["an image", "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR"],
    ["a page", "<html><body>Sign in</body></html>"],
    ["JSON", '{"a":1}'],
    ["gzip in gzip", gzipSync(gzipSync(goroutines(1)))],
  ])("%s is refused as no capture", async (_, content) => {
    const path = join(makeFolder(), "file.bin");
    writeFileSync(path, content);
    await expect(readCaptures(path)).rejects.toMatchObject({ code: "WT_CAPTURE_FILE_UNKNOWN" });
  });

  test("a missing file is refused by its name", async () => {
    await expect(readCaptures("/no/such/dump.txt")).rejects.toMatchObject({
      code: "WT_CAPTURE_FILE_UNREADABLE",
      message: expect.stringContaining("/no/such/dump.txt"),
    });
  });
});

describe("standard input", () => {
  test("is one capture, also when it drips and when it is gzip", async () => {
    const drip = (bytes: Uint8Array): Readable =>
      Readable.from([...bytes].map((byte) => Buffer.from([byte])));
    const [plain] = await readCaptures("-", { stdin: drip(Buffer.from(goroutines(3))) });
    const [gzipped] = await readCaptures("-", { stdin: drip(gzipSync(goroutines(3))) });
    expect(plain).toMatchObject({ target: "standard input", goroutines: { total: 3 } });
    expect(gzipped?.goroutines?.total).toBe(3);
  });

  test("that is empty is refused", async () => {
    await expect(readCaptures("-", { stdin: Readable.from([]) })).rejects.toMatchObject({
      code: "WT_CAPTURE_FILE_UNKNOWN",
    });
  });
});

describe("a folder", () => {
  test("is a series, oldest first, with the files of a moment together", async () => {
    const folder = makeFolder();
    for (const [minute, count] of [
      ["02", 9],
      ["00", 3],
      ["01", 6],
    ] as const) {
      const stamp = `2026-11-23T10-${minute}-00Z`;
      writeFileSync(join(folder, `${stamp}.goroutine.txt`), goroutines(count));
      writeFileSync(join(folder, `${stamp}.goroutineleak.txt.gz`), gzipSync(LEAKED));
    }
    const records = await readCaptures(folder);
    expect(records.map(({ goroutines }) => goroutines?.total)).toEqual([3, 6, 9]);
    expect(records.map(({ leaked }) => leaked?.total)).toEqual([7, 7, 7]);
    expect(records.map(({ atMs }) => new Date(atMs).getUTCMinutes())).toEqual([0, 1, 2]);
  });

  test("without times in its names is ordered by the time of its files", async () => {
    const folder = makeFolder();
    for (const [name, count, seconds] of [
      ["goroutine-10.txt", 3, 300],
      ["goroutine-9.txt", 2, 200],
      ["goroutine-1.txt", 1, 100],
    ] as const) {
      writeFileSync(join(folder, name), goroutines(count));
      utimesSync(join(folder, name), seconds, seconds);
    }
    const records = await readCaptures(folder);
    expect(records.map(({ goroutines }) => goroutines?.total)).toEqual([1, 2, 3]);
  });

  test("whose files are of one second keeps the order of their names", async () => {
    const folder = makeFolder();
    for (const index of [10, 9, 1]) {
      const path = join(folder, `goroutine-${index}.txt`);
      writeFileSync(path, goroutines(index));
      utimesSync(path, 100, 100);
    }
    const records = await readCaptures(folder);
    expect(records.map(({ goroutines }) => goroutines?.total)).toEqual([1, 9, 10]);
  });

  test("names what it skipped, and leaves hidden files and folders alone", async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, "more"));
    writeFileSync(join(folder, "README.md"), "# Captures of Monday\n");
    writeFileSync(join(folder, ".hidden.txt"), goroutines(1));
    writeFileSync(join(folder, "dump.txt"), goroutines(2));
    const [record, ...rest] = await readCaptures(folder);
    expect(rest).toEqual([]);
    expect(record?.goroutines?.total).toBe(2);
    expect(record?.notes).toEqual([expect.stringContaining("README.md")]);
  });

  test("gives a cut text the total of the grouped profile beside it", async () => {
    const folder = makeFolder();
    const text = goroutines(5);
    writeFileSync(join(folder, "1.goroutine.txt"), text.slice(0, -60));
    writeFileSync(join(folder, "1.goroutine.debug1.txt"), GROUPED);
    const [record] = await readCaptures(folder);
    expect(record?.goroutines).toMatchObject({ covered: 4, total: 7, truncated: true });
    expect(record?.notes.join()).toMatch(/4 of 7 \(57\.1 %\) are in it/);
  });

  test("that holds no capture is refused", async () => {
    await expect(readCaptures(makeFolder())).rejects.toMatchObject({
      code: "WT_CAPTURE_FOLDER_EMPTY",
    });
  });
});

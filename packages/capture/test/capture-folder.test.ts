import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CaptureFolder } from "../src/capture-folder.ts";
import type { CaptureRecord } from "../src/capture-record.ts";
import { parseMomentName } from "../src/moment-name.ts";
import { readCaptures } from "../src/read-captures.ts";
import { encodeCensus } from "../src/tasks/census-json.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "watertight-folder-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return join(folder, "captures");
}

const RECORD: CaptureRecord = {
  atMs: 0,
  target: "http://127.0.0.1:6060",
  runtime: "go",
  notes: [],
  problems: [],
  raw: {},
  bytes: 0,
};

async function keep(folder: CaptureFolder, minute: number, bytes: number): Promise<void> {
  const moment = folder.startMoment(Date.UTC(2026, 0, 1, 0, minute));
  const file = await moment.open("goroutine.txt");
  await file.write(Buffer.alloc(bytes, "x"));
  await file.commit();
  await moment.finish(RECORD);
}

function listMinutes(folder: CaptureFolder): number[] {
  const names = readdirSync(folder.path).filter((name) => name.endsWith("goroutine.txt"));
  return names.toSorted().map((name) => new Date(parseMomentName(name).atMs ?? 0).getUTCMinutes());
}

describe("a folder of captures", () => {
  test("keeps the census of an agent beside its tasks, and is read back with it", async () => {
    const folder = await CaptureFolder.open(makeFolder());
    const census = { entries: [], heapBytes: 5, externalBytes: 6 };
    const dump = "goroutine 1 [await]:\nreserve(...)\n\t/srv/app.js:3\n";
    const moment = folder.startMoment(0);
    for (const [name, body] of [
      ["goroutine.txt", Buffer.from(dump)],
      ["census.json", encodeCensus({ census, atMs: 0, notes: [] })],
    ] as const) {
      const file = await moment.open(name);
      await file.write(body);
      await file.commit();
    }
    await moment.finish({ ...RECORD, runtime: "node" });
    const [record, ...others] = await readCaptures(folder.path);
    expect(others).toEqual([]);
    expect(record?.goroutines).toMatchObject({ total: 1, census });
    expect(Object.keys(record?.raw ?? {})).toHaveLength(3);
  });

  test("a census that was cut leaves the tasks, and is named", async () => {
    const folder = await CaptureFolder.open(makeFolder());
    const moment = folder.startMoment(0);
    for (const [name, body] of [
      ["goroutine.txt", "goroutine 1 [await]:\nreserve(...)\n\t/srv/app.js:3\n"],
      ["census.json", '{"format":1,'],
    ] as const) {
      const file = await moment.open(name);
      await file.write(Buffer.from(body));
      await file.commit();
    }
    const [record] = await readCaptures(folder.path);
    expect(record?.goroutines?.total).toBe(1);
    expect(record?.notes.join()).toContain("census.json");
  });

  test("drops the oldest moments, whole, beyond its bytes", async () => {
    const folder = await CaptureFolder.open(makeFolder(), { bytesMax: 3_000 });
    for (let minute = 1; minute <= 5; minute++) await keep(folder, minute, 1_000);
    expect(listMinutes(folder)).toEqual([4, 5]);
    expect(readdirSync(folder.path)).toHaveLength(4);
  });

  test("drops the oldest moments beyond its number of files", async () => {
    const folder = await CaptureFolder.open(makeFolder(), { filesMax: 6 });
    for (let minute = 1; minute <= 5; minute++) await keep(folder, minute, 10);
    expect(listMinutes(folder)).toEqual([3, 4, 5]);
  });

  test("keeps its files to their owner, and leaves no half-written one", async () => {
    const folder = await CaptureFolder.open(makeFolder());
    await keep(folder, 1, 10);
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder.path)) {
      expect(name).toMatch(/^2026-01-01T00-01-00\.000Z\.(goroutine\.txt|meta\.json)$/);
      expect(statSync(join(folder.path, name)).mode & 0o777).toBe(0o600);
    }
  });

  test("never touches files that it did not name", async () => {
    const path = makeFolder();
    mkdirSync(path);
    writeFileSync(join(path, "2025-01-01.notes.txt"), "mine".repeat(1_000));
    const folder = await CaptureFolder.open(path, { bytesMax: 100, filesMax: 2 });
    await keep(folder, 1, 10);
    await keep(folder, 2, 10);
    expect(existsSync(join(path, "2025-01-01.notes.txt"))).toBe(true);
    expect(listMinutes(folder)).toEqual([2]);
  });

  test("refuses one capture that is larger than all of it", async () => {
    const folder = await CaptureFolder.open(makeFolder(), { bytesMax: 100 });
    const file = await folder.startMoment(0).open("goroutine.txt");
    await file.write(Buffer.alloc(101));
    await expect(file.commit()).rejects.toMatchObject({ code: "WT_CAPTURE_STORE_FAILED" });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test("clears what a process that died left half-written, and forgets a discarded moment", async () => {
    const path = makeFolder();
    mkdirSync(path);
    writeFileSync(join(path, ".2026-01-01T00-00-00.000Z.goroutine.txt.4194303.partial"), "x");
    const folder = await CaptureFolder.open(path);
    const moment = folder.startMoment(0);
    const file = await moment.open("goroutine.txt");
    await file.write(Buffer.from("x"));
    await file.commit();
    await moment.discard();
    expect(readdirSync(path)).toEqual([]);
  });

  test("is refused where there can be none", async () => {
    await expect(CaptureFolder.open("/proc/nowhere")).rejects.toMatchObject({
      code: "WT_CAPTURE_STORE_FAILED",
    });
    await expect(CaptureFolder.open(makeFolder(), { bytesMax: 0 })).rejects.toMatchObject({
      code: "WT_CAPTURE_OPTION_INVALID",
    });
  });
});

describe("a file name", () => {
  const at = Date.UTC(2026, 10, 23, 10, 0, 0);
  test.each([
    ["2026-11-23T10-00-00Z.goroutine.txt", at],
    ["2026-11-23T10-00-00.250Z.heap.pb.gz", at + 250],
    ["goroutine-20261123T100000.pb.gz", at],
    ["goroutines_2026-11-23_10-00-00.txt", at],
    [`goroutine.${at / 1_000}.txt`, at],
    [`${at + 7}-heap.pb.gz`, at + 7],
    ["goroutine-1.txt", undefined],
    ["9999-99-99T99-99-99Z.txt", undefined],
  ])("%s says when", (name, atMs) => {
    expect(parseMomentName(name).atMs).toBe(atMs);
  });

  test.each([
    ["2026-11-23T10-00-00Z.goroutine.txt", "2026-11-23T10-00-00Z.heap.pb.gz"],
    ["goroutine-1.txt", "heap-1.pb.gz"],
    ["1.goroutine.debug2.txt", "1.allocs.pb.gz"],
    ["goroutine.txt", "heap.pb.gz"],
  ])("%s belongs with %s", (a, b) => {
    expect(parseMomentName(a).moment).toBe(parseMomentName(b).moment);
  });

  test("others do not belong together", () => {
    expect(parseMomentName("goroutine-1.txt").moment).not.toBe(
      parseMomentName("goroutine-2.txt").moment,
    );
  });
});

/** The census of a real process that holds known numbers of everything: `fixtures/node/holds.cjs`. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type CensusEntry,
  type CensusKind,
  decodeHeapSnapshot,
  type HeapCensus,
  listSuspendedTasks,
  proveWakes,
  takeCensus,
} from "../src/index.ts";

const program = fileURLToPath(new URL("fixtures/node/holds.cjs", import.meta.url));
let census: HeapCensus;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "watertight-census-"));
  const path = join(folder, "holds.heapsnapshot");
  execFileSync(process.execPath, [program, path]);
  const graph = decodeHeapSnapshot(readFileSync(path));
  rmSync(folder, { recursive: true });
  const tasks = listSuspendedTasks(graph);
  census = takeCensus(graph, proveWakes(graph, tasks.promiseNodes), tasks);
}, 60_000);

function find(kind: CensusKind, name: string): CensusEntry | undefined {
  return census.entries.find((entry) => entry.kind === kind && entry.name === name);
}

/** The text of the line that an entry is placed at. */
function lineOf(entry: CensusEntry | undefined): string {
  return readFileSync(program, "utf8").split("\n")[(entry?.place?.line ?? 0) - 1] ?? "";
}

describe("the census of a heap", () => {
  test("counts armed timers by their callback, and none that was cleared", () => {
    const timers = census.entries.filter(({ kind }) => kind === "timer");
    const beat = timers.find(({ place }) => place?.function === "beat");
    expect(beat?.count).toBe(7);
    expect(lineOf(beat)).toContain("function beat");
    expect(
      timers.filter(({ place }) => lineOf({ place } as CensusEntry).includes("cleared")),
    ).toEqual([]);
    expect(find("timer", "Timeout of an interval iterator")?.count).toBe(3);
  });

  test("counts listeners by emitter and event, once it is a crowd", () => {
    const change = find("listeners", "Config.change");
    expect(change?.count).toBe(8);
    expect(lineOf(change)).toContain('"change"');
    expect(find("listeners", "Config.rare")).toBeUndefined();
    expect(find("listeners", "AbortSignal.abort")?.count).toBe(10);
  });

  test("a function that listens nine times is nine listeners, each with an id of its own", () => {
    const same = find("listeners", "Config.same");
    expect(same?.count).toBe(9);
    expect(new Set(same?.ids).size).toBe(9);
  });

  test("a set of functions that the program keeps is a list of listeners", () => {
    expect(find("listeners", "Subject.#observers")?.count).toBe(12);
  });

  test.each([
    ["Socket", 5],
    ["Server", 2],
    ["FileHandle", 4],
    ["FSWatcher", 2],
    ["UDP socket", 3],
    ["ReadStream", 6],
  ])("counts every %s", (name, count) => {
    const entries = census.entries.filter(
      (entry) => entry.kind === "handle" && entry.name === name,
    );
    expect(entries.reduce((sum, entry) => sum + entry.count, 0)).toBe(count);
  });

  test("a handle is placed at what listens to it, or at the variable that holds it", () => {
    expect(lineOf(find("handle", "Socket"))).toContain("net.connect(");
    expect(find("handle", "FileHandle")?.place).toMatchObject({
      function: "opened",
      file: program,
    });
  });

  test("connections that others opened are requests in flight, not handles", () => {
    expect(find("request", "request")?.count).toBe(2);
  });

  test("sockets that others opened and that no HTTP is read from are connections, and idle ones of HTTP are not", () => {
    expect(find("request", "connection")?.count).toBe(5);
  });

  test("counts bodies of answers that nobody reads", () => {
    expect(find("body", "http")?.count).toBe(3);
  });

  test("counts the entries of a named collection, and the bytes of its buffers", () => {
    expect(find("collection", "receipts")?.count).toBe(11);
    expect(find("collection", "Session.all")?.count).toBe(20);
    const buffers = find("external", "receipts");
    expect(buffers?.count).toBe(11);
    expect(buffers?.bytes).toBe(220_000);
    expect(buffers?.place?.file).toBe(program);
  });

  test("knows how much is alive", () => {
    expect(census.heapBytes).toBeGreaterThan(1e6);
    expect(census.externalBytes).toBeGreaterThan(220_000);
  });
});

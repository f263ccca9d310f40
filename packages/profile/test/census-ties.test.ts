/** What hangs together in a real process, and what only grows beside it: `fixtures/node/ties.cjs`. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findNode, NODE_MAJORS } from "../../../e2e/real-parts.ts";
import {
  type CensusEntry,
  decodeHeapSnapshot,
  type GoroutineDump,
  goroutinesFromTasks,
  type HeapCensus,
  listSuspendedTasks,
  proveWakes,
  takeCensus,
} from "../src/index.ts";

const program = fileURLToPath(new URL("fixtures/node/ties.cjs", import.meta.url));

interface Held {
  readonly census: HeapCensus;
  readonly dump: GoroutineDump;
}

function runOn(node: string): Held {
  const folder = mkdtempSync(join(tmpdir(), "watertight-ties-"));
  const path = join(folder, "ties.heapsnapshot");
  execFileSync(node, [program, path]);
  const graph = decodeHeapSnapshot(readFileSync(path));
  rmSync(folder, { recursive: true });
  const tasks = listSuspendedTasks(graph);
  const proof = proveWakes(graph, tasks.promiseNodes);
  return {
    census: takeCensus(graph, proof, tasks),
    dump: goroutinesFromTasks(graph, tasks, proof),
  };
}

describe.each(NODE_MAJORS)("what hangs together in a process of Node %s", (major) => {
  const node = findNode(major);

  describe.skipIf(node === undefined)("that has twenty of each", { timeout: 60_000 }, () => {
    let held: Held | undefined;
    const find = (name: string): CensusEntry | undefined => {
      held ??= runOn(node ?? "");
      return held.census.entries.find((entry) => entry.name === name);
    };
    /** Functions of the tasks that the newest members of an entry hang together with. */
    const tiedFunctions = (entry: CensusEntry | undefined): readonly string[] => {
      const functions = new Map(
        held?.dump.groups.flatMap(({ ids, frames }) =>
          [...ids].map((id) => [id, frames[0]?.function ?? ""] as const),
        ),
      );
      const each = entry?.ties?.map((ids) => ids.flatMap((id) => functions.get(id) ?? []).join());
      return [...new Set(each)].toSorted();
    };

    test("a listener that wakes a task is tied to it", () => {
      expect(find("EventEmitter.reply")?.count).toBe(20);
      expect(tiedFunctions(find("EventEmitter.reply"))).toEqual(["waitForEvent"]);
    });

    test("a listener that was added on the way to an await is not", () => {
      expect(find("EventEmitter.price")?.count).toBe(20);
      expect(tiedFunctions(find("EventEmitter.price"))).toEqual([""]);
      expect(find("EventEmitter.price")?.ties).toEqual(Array.from({ length: 20 }, () => []));
    });

    test("what is kept in a list beside is not", () => {
      expect(find("history")?.count).toBe(20);
      expect(tiedFunctions(find("history"))).toEqual([""]);
    });

    test("a buffer that a task holds is tied to it, among all that one map holds", () => {
      const buffers = find("replies");
      expect(tiedFunctions(buffers)).toContain("holdBuffer");
      expect(tiedFunctions(buffers)).not.toContain("");
    });

    test("a tie is to one task or a few, never to all of them", () => {
      const most = held?.census.entries.flatMap(({ ties = [] }) => ties.map((ids) => ids.length));
      expect(Math.max(...(most ?? []))).toBeLessThanOrEqual(3);
    });
  });
});

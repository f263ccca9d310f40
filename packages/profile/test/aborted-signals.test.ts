/** Work that goes on after it was told to stop, in real heaps. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  decodeHeapSnapshot,
  goroutinesFromTasks,
  listSuspendedTasks,
  placeAtFunction,
  proveWakes,
  SIGNAL_ABORTED,
  SIGNAL_LABEL,
} from "@watertight/profile";
import { expect, test } from "vitest";
import { findNode, NODE_MAJORS } from "../../../e2e/real-parts.ts";

const program = join(import.meta.dirname, "fixtures/node/told-to-stop.cjs");

for (const major of NODE_MAJORS) {
  const node = findNode(major);
  test.skipIf(node === undefined)(
    `in Node ${major} a task with an aborted signal is told from one whose signal is not`,
    () => {
      const folder = mkdtempSync(join(tmpdir(), "watertight-signals-"));
      const file = join(folder, "program.heapsnapshot");
      execFileSync(node as string, [program, file]);
      const graph = decodeHeapSnapshot(readFileSync(file));
      rmSync(folder, { recursive: true });
      const tasks = listSuspendedTasks(graph);
      const proof = proveWakes(graph, tasks.promiseNodes);
      const dump = goroutinesFromTasks(graph, tasks, proof, placeAtFunction(graph, tasks));
      const signals = dump.groups.map(({ frames, labels }) => [
        frames[0]?.function,
        labels[SIGNAL_LABEL],
      ]);
      expect(Object.fromEntries(signals)).toEqual({
        goOn: undefined,
        work: SIGNAL_ABORTED,
      });
    },
  );
}

/**
 * The task profile: every suspended async function of a running Node process, with nothing
 * prepared in it. Take a heap snapshot, read the tasks off it as it streams, ask for the lines.
 */
import {
  type CensusEntry,
  goroutinesFromTasks,
  type GoroutineDump,
  HeapSnapshotDecoder,
  listSuspendedTasks,
  proveWakes,
  takeCensus,
} from "@watertight/profile";
import { type CaptureClock, SYSTEM_CLOCK } from "../clock.ts";
import { CaptureError } from "../errors.ts";
import type { InspectorSession } from "./inspector-session.ts";
import { leaveOutMachinery } from "./leave-out-machinery.ts";
import { placeCensus } from "./place-census.ts";
import { locateTasks, type PlaceMemory } from "./locate-tasks.ts";

export interface TaskBudget {
  /** Bytes of JavaScript heap beyond which no snapshot is taken: it stops the process for as long as its heap is large. */
  readonly heapBytesMax: number;
  readonly locationsMax: number;
  readonly locateMsMax: number;
}

/** About a second of standstill and twice the heap in extra memory. */
export const DEFAULT_TASK_BUDGET: TaskBudget = {
  heapBytesMax: 512 * 1024 * 1024,
  locationsMax: 128,
  locateMsMax: 10_000,
};

export interface TaskCaptureOptions {
  readonly budget?: TaskBudget;
  readonly clock?: CaptureClock;
  /** Folders whose tasks are the observer's own, and left out. */
  readonly ownFolders?: readonly string[];
  /** What was counted outside of the heap, to stand in its census. */
  readonly counted?: readonly CensusEntry[];
  /** What earlier captures of this very session were told of places; filled for the next one. */
  readonly memory?: PlaceMemory;
}

export interface TaskCapture {
  readonly goroutines: GoroutineDump;
  readonly heapBytes: number;
  /** Sentences on what the budget left out. */
  readonly notes: readonly string[];
}

/**
 * Reads the tasks of the process behind a session.
 *
 * @throws {CaptureError} `WT_CAPTURE_HEAP_TOO_LARGE` when the heap is beyond the budget
 */
export async function captureTasks(
  session: InspectorSession,
  options: TaskCaptureOptions = {},
): Promise<TaskCapture> {
  const {
    budget = DEFAULT_TASK_BUDGET,
    clock = SYSTEM_CLOCK,
    ownFolders = [],
    counted = [],
  } = options;
  const { usedSize } = await session.post<{ usedSize: number }>("Runtime.getHeapUsage");
  if (usedSize > budget.heapBytesMax) {
    throw new CaptureError(
      "WT_CAPTURE_HEAP_TOO_LARGE",
      `${megabytes(usedSize)} are in use and the budget is ${megabytes(budget.heapBytesMax)}`,
    );
  }
  const decoder = new HeapSnapshotDecoder();
  const stop = session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }: { chunk: string }) =>
    decoder.push(chunk),
  );
  try {
    await session.post("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  } finally {
    stop();
  }
  const graph = decoder.finish();
  const tasks = listSuspendedTasks(graph);
  const proof = proveWakes(graph, tasks.promiseNodes);
  const { placeTask, asked, unplaced } = await locateTasks(
    session,
    { graph, tasks },
    budget,
    clock,
    options.memory,
  );
  const notes =
    unplaced > 0
      ? [
          `${unplaced} suspended functions stand at their function's first line: the exact await was asked for ${asked} times, which is what the budget allows.`,
        ]
      : [];
  const found = takeCensus(graph, proof);
  const census = { ...found, entries: [...(await placeCensus(found.entries)), ...counted] };
  const goroutines = {
    ...goroutinesFromTasks(graph, tasks, proof, placeTask),
    census,
  };
  return {
    goroutines: leaveOutMachinery(goroutines, { ownFolders }),
    heapBytes: usedSize,
    notes,
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`;
}

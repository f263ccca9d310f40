/**
 * The task profile: every suspended async function of a running Node process, with nothing
 * prepared in it. Take a heap snapshot, read the tasks off it as it streams, ask for the lines.
 */
import {
  type CensusEntry,
  goroutinesFromTasks,
  type GoroutineDump,
  type HeapGraph,
  HeapSnapshotDecoder,
  listScripts,
  listSuspendedTasks,
  proveWakes,
  takeCensus,
} from "@watertight/profile";
import { type CaptureClock, SYSTEM_CLOCK } from "../clock.ts";
import { LocationAsker } from "./ask-location.ts";
import type { InspectorSession } from "./inspector-session.ts";
import { findToolkit, leaveOutMachinery } from "./leave-out-machinery.ts";
import { placeCensus } from "./place-census.ts";
import { placeOrigins } from "./place-origins.ts";
import { readProgramSources } from "./program-sources.ts";
import { locateTasks, PlaceMemory } from "./locate-tasks.ts";
import { StandstillForecast } from "./standstill-forecast.ts";
import { DEFAULT_TASK_BUDGET, type TaskBudget } from "./task-budget.ts";

export interface TaskCaptureOptions {
  readonly budget?: TaskBudget;
  readonly clock?: CaptureClock;
  /** Folders whose tasks are the observer's own, and left out. */
  readonly ownFolders?: readonly string[];
  /** What was counted outside of the heap, to stand in its census. */
  readonly counted?: readonly CensusEntry[];
  /** What earlier captures of this very session were told of places; filled for the next one. */
  readonly memory?: PlaceMemory;
  /** `running`, with somebody whom it serves, unless this says otherwise. */
  readonly process?: ObservedProcess;
  /** What earlier captures of this process cost it. */
  readonly forecast?: StandstillForecast;
}

/** Whether what is asked stands still for it: a process at work, or a copy that was made to be asked. */
export type ObservedProcess = "running" | "copy";

/** What a heap told. */
export interface ReadTasks {
  /** With the census of the same heap. */
  readonly goroutines: GoroutineDump;
  /** Sentences on what the budget left out. */
  readonly notes: readonly string[];
}

export interface TaskCapture extends ReadTasks {
  readonly heapBytes: number;
}

/**
 * Reads the tasks of the process behind a session, from a snapshot that the session takes.
 *
 * @throws {CaptureError} `WT_CAPTURE_TASKS_TOO_COSTLY` when the process would stand still for
 * longer than the budget allows, `WT_CAPTURE_HEAP_TOO_LARGE` when its heap is beyond it
 */
export async function captureTasks(
  session: InspectorSession,
  options: TaskCaptureOptions = {},
): Promise<TaskCapture> {
  const { budget = DEFAULT_TASK_BUDGET, clock = SYSTEM_CLOCK } = options;
  const forecast = options.forecast ?? new StandstillForecast("inspector");
  const { usedSize } = await session.post<{ usedSize: number }>("Runtime.getHeapUsage");
  forecast.check(usedSize, budget);
  const startMs = clock.now();
  const graph = await takeSnapshot(session);
  forecast.learn(usedSize, clock.now() - startMs);
  return { ...(await readTasks(session, graph, options)), heapBytes: usedSize };
}

async function takeSnapshot(session: InspectorSession): Promise<HeapGraph> {
  const decoder = new HeapSnapshotDecoder();
  const stop = session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }: { chunk: string }) =>
    decoder.push(chunk),
  );
  try {
    await session.post("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  } finally {
    stop();
  }
  return decoder.finish();
}

/** Reads the tasks off a heap; the session is asked for their exact lines. */
export async function readTasks(
  session: InspectorSession,
  graph: HeapGraph,
  options: TaskCaptureOptions = {},
): Promise<ReadTasks> {
  const {
    budget = DEFAULT_TASK_BUDGET,
    clock = SYSTEM_CLOCK,
    ownFolders = [],
    counted = [],
    memory = new PlaceMemory(),
    process = "running",
  } = options;
  const tasks = listSuspendedTasks(graph);
  const proof = proveWakes(graph, tasks.promiseNodes);
  const asker = new LocationAsker(
    session,
    process === "copy" ? unboundStandstill(budget) : budget,
    clock,
  );
  const { placeTask, unplaced } = await locateTasks(
    session,
    { graph, tasks },
    { asker, memory, ownFolders },
  );
  const found = takeCensus(graph, proof, tasks);
  const census = {
    ...found,
    entries: [...(await placeCensus(found.entries, memory.maps)), ...counted],
  };
  const told = { ...goroutinesFromTasks(graph, tasks, proof, placeTask), census };
  const scripts = listScripts(graph);
  const isToolkit = await findToolkit(scripts);
  const written = scripts.filter((script) => !isToolkit(script));
  const sources = await readProgramSources(written, {
    startedMs: memory.scripts?.startedMs ?? 0,
    memory: memory.sources,
    maps: memory.maps,
  });
  const goroutines = placeOrigins(told, sources, isToolkit);
  return {
    goroutines: leaveOutMachinery(goroutines, { ownFolders }),
    notes: [...describeLeftOut(asker, unplaced, process), ...describeLowered(sources.loweredFiles)],
  };
}

/** Exact lines that are asked of a copy, which nobody waits for. */
const COPY_LOCATIONS_MAX = 1_024;

function unboundStandstill(budget: TaskBudget): TaskBudget {
  const locationsMax = Math.max(budget.locationsMax, COPY_LOCATIONS_MAX);
  return { ...budget, standstillMs: Number.POSITIVE_INFINITY, locationsMax };
}

function describeLowered(files: number): readonly string[] {
  if (files === 0) return [];
  const what = files === 1 ? "One file of the program was" : `${files} files of the program were`;
  return [
    `${what} compiled for a target below ES2017: async functions are generators there, and those that are suspended are not seen. Compile for ES2017 or later to see them.`,
  ];
}

function countStanding(count: number): string {
  return count === 1 ? "One suspended function stands" : `${count} suspended functions stand`;
}

function describeLeftOut(
  asker: LocationAsker,
  unplaced: number,
  process: ObservedProcess,
): readonly string[] {
  const notes: string[] = [];
  const what = process === "copy" ? "answering" : "standstill";
  const cost = `${asker.asked} times, ${Math.round(asker.standstillMs)} ms of ${what} in all`;
  if (unplaced > 0 && asker.refused > 0) {
    notes.push(
      `${countStanding(unplaced)} at the first line: the exact await was asked for ${cost}, which is what the budget allows.`,
    );
  } else if (unplaced > 0) {
    notes.push(
      `${countStanding(unplaced)} at the first line: gone on before the exact await could be asked for.`,
    );
  }
  if (asker.isCostly) {
    notes.push(
      `The exact await of one suspended function costs up to ${Math.round(asker.worstMs)} ms of standstill, so few of each stack were asked: two awaits of one function may stand at one line.`,
    );
  }
  return notes;
}

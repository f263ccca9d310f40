/** Captures of a Node process that serves nothing: through its inspector, from outside. */
import type { CaptureRecord } from "../capture-record.ts";
import { type CaptureClock, SYSTEM_CLOCK } from "../clock.ts";
import { PlaceMemory } from "./locate-tasks.ts";
import { attachToProcess } from "./attach-to-process.ts";
import { countOpenFiles } from "./count-open-files.ts";
import { captureTasks, DEFAULT_TASK_BUDGET, type TaskBudget } from "./capture-tasks.ts";

/** A process whose inspector is open for as long as captures are taken. */
export interface AttachedProcess {
  readonly display: string;
  /** Takes one capture. Ids of tasks stay the same from one to the next. */
  capture(): Promise<CaptureRecord>;
  /** Leaves the process as it was found. */
  close(): Promise<void>;
}

/** Options of {@link attach}. */
export interface AttachOptions {
  readonly budget?: TaskBudget;
  readonly clock?: CaptureClock;
}

/**
 * Attaches to a Node process.
 *
 * @throws {CaptureError} `WT_CAPTURE_PID_MISSING`, `WT_CAPTURE_PID_UNREADABLE`, `WT_CAPTURE_INSPECTOR`
 */
export async function attach(pid: number, options: AttachOptions = {}): Promise<AttachedProcess> {
  const { budget = DEFAULT_TASK_BUDGET, clock = SYSTEM_CLOCK } = options;
  const session = await attachToProcess(pid, clock);
  const display = `process ${pid}`;
  const memory = new PlaceMemory();
  const { result } = await session.post<{ result: { value?: unknown } }>("Runtime.evaluate", {
    expression: "process.version",
  });
  const runtimeVersion = typeof result.value === "string" ? `node ${result.value}` : "node";
  return {
    display,
    async capture() {
      const atMs = clock.now();
      const files = await countOpenFiles(pid);
      const { goroutines, heapBytes, notes } = await captureTasks(session, {
        budget,
        clock,
        memory,
        ...(files === undefined ? {} : { counted: [files] }),
      });
      return {
        atMs,
        target: display,
        runtime: "node",
        runtimeVersion,
        goroutines,
        notes,
        problems: [],
        raw: {},
        bytes: heapBytes,
      };
    },
    close: () => session.close(),
  };
}

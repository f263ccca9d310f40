/** Captures of a Node process that serves nothing: through its inspector, from outside. */
import type { CaptureRecord } from "../capture-record.ts";
import { type CaptureClock, SYSTEM_CLOCK } from "../clock.ts";
import { PlaceMemory } from "./locate-tasks.ts";
import { attachToProcess } from "./attach-to-process.ts";
import { countOpenFiles } from "./count-open-files.ts";
import { captureTasks } from "./capture-tasks.ts";
import { StandstillForecast } from "./standstill-forecast.ts";
import { DEFAULT_TASK_BUDGET, type TaskBudget } from "./task-budget.ts";

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
  /** What is left out is as in {@link DEFAULT_TASK_BUDGET}. */
  readonly budget?: Partial<TaskBudget>;
  readonly clock?: CaptureClock;
}

/**
 * Attaches to a Node process.
 *
 * @throws {CaptureError} `WT_CAPTURE_PID_MISSING`, `WT_CAPTURE_PID_UNREADABLE`, `WT_CAPTURE_INSPECTOR`
 */
export async function attach(pid: number, options: AttachOptions = {}): Promise<AttachedProcess> {
  const { clock = SYSTEM_CLOCK } = options;
  const budget = { ...DEFAULT_TASK_BUDGET, ...options.budget };
  const forecast = new StandstillForecast("inspector");
  const session = await attachToProcess(pid, { clock });
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
        forecast,
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

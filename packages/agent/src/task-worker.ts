/**
 * Takes task profiles of the main thread from a thread beside it, so that decoding and walking
 * the heap graph cost the service nothing but the snapshot itself.
 */
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import {
  CaptureError,
  captureTasks,
  type InspectorSession,
  PlaceMemory,
  type TaskBudget,
} from "@watertight/capture";
import {
  encodeGoroutineText,
  encodePprof,
  type GoroutineDump,
  profileFromGoroutines,
} from "@watertight/profile";
import type { AgentErrorCode } from "./errors.ts";
import { openInProcessSession } from "./in-process-session.ts";
import { tellAborted } from "./requests/tell-aborted.ts";

/** What a profile is asked for with. */
export interface TaskRequest {
  readonly debug: 0 | 1 | 2;
  /** `stuck`: only what is proven never to wake. */
  readonly tasks: "all" | "stuck";
  readonly budget: TaskBudget;
}

export type WorkerCommand =
  | { readonly kind: "take"; readonly request: TaskRequest }
  | { readonly kind: "disconnect" };

/** What it answers: the profile, or why there is none. */
export type TaskAnswer =
  | { readonly bytes: Uint8Array; readonly count: number }
  | { readonly problem: string; readonly code: AgentErrorCode };

const ownFolders = [new URL(".", import.meta.url)].map((url) => fileURLToPath(url));
/** Set once the session is closed, for a main thread that has no event loop any more. */
const disconnected = workerData as Int32Array;
let session: InspectorSession | undefined;
const memory = new PlaceMemory();

function keepStuck(dump: GoroutineDump): GoroutineDump {
  const groups = dump.groups.filter((group) => group.leaked > 0);
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  return { ...dump, leakProfile: true, total, covered: total, groups };
}

async function takeProfile(request: TaskRequest): Promise<TaskAnswer> {
  session ??= openInProcessSession("main");
  const { goroutines } = await captureTasks(session, {
    budget: request.budget,
    ownFolders,
    memory,
  });
  const told = tellAborted(goroutines, Date.now());
  const dump = request.tasks === "stuck" ? keepStuck(told) : told;
  const count = goroutines.total;
  if (request.debug === 0) return { bytes: encodePprof(profileFromGoroutines(dump)), count };
  return { bytes: encodeGoroutineText(dump, { debug: request.debug }), count };
}

function explain(error: unknown): TaskAnswer {
  const isGuard = error instanceof CaptureError && error.code === "WT_CAPTURE_HEAP_TOO_LARGE";
  return {
    problem: error instanceof Error ? error.message : String(error),
    code: isGuard ? "WT_AGENT_TOO_COSTLY" : "WT_AGENT_FAILED",
  };
}

async function obey(command: WorkerCommand): Promise<void> {
  if (command.kind === "disconnect") {
    await session?.close();
    session = undefined;
    // Ids belong to the session that gave them.
    memory.told.clear();
    Atomics.store(disconnected, 0, 1);
    Atomics.notify(disconnected, 0);
    parentPort?.postMessage({});
    return;
  }
  const answer = await takeProfile(command.request).catch(explain);
  parentPort?.postMessage(answer, "bytes" in answer ? [answer.bytes.buffer as ArrayBuffer] : []);
}

parentPort?.on("message", (command: WorkerCommand) => void obey(command));

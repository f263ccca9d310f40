/**
 * Takes a task profile of the main thread from a thread beside it, so that decoding and
 * walking the heap graph cost the service nothing but the snapshot itself.
 */
import { parentPort, workerData } from "node:worker_threads";
import { captureTasks, type TaskBudget } from "@watertight/capture";
import {
  encodeGoroutineText,
  encodePprof,
  type GoroutineDump,
  profileFromGoroutines,
} from "@watertight/profile";
import { openInProcessSession } from "./in-process-session.ts";

/** What the worker is asked for. */
export interface TaskRequest {
  readonly debug: 0 | 1 | 2;
  /** `stuck`: only what is proven never to wake. */
  readonly tasks: "all" | "stuck";
  readonly budget: TaskBudget;
}

/** What it answers: the profile, or why there is none. */
export type TaskAnswer = { readonly bytes: Uint8Array } | { readonly problem: string };

const request = workerData as TaskRequest;

function keepStuck(dump: GoroutineDump): GoroutineDump {
  const groups = dump.groups.filter((group) => group.leaked > 0);
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  return { ...dump, leakProfile: true, total, covered: total, groups };
}

async function takeProfile(): Promise<Uint8Array> {
  const session = openInProcessSession("main");
  // An open inspector session alone does not keep a worker running.
  const hold = setInterval(() => {}, 60_000);
  try {
    const { goroutines } = await captureTasks(session, request.budget);
    const dump = request.tasks === "stuck" ? keepStuck(goroutines) : goroutines;
    if (request.debug === 0) return encodePprof(profileFromGoroutines(dump));
    return encodeGoroutineText(dump, { debug: request.debug });
  } finally {
    clearInterval(hold);
    await session.close();
  }
}

const answer: TaskAnswer = await takeProfile().then(
  (bytes) => ({ bytes }),
  (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
);
parentPort?.postMessage(answer);

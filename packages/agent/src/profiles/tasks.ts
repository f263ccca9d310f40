/** The task profile, from a worker that lives no longer than it takes. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { TaskBudget } from "@watertight/capture";
import { AgentError } from "../errors.ts";
import type { TaskAnswer, TaskRequest } from "../task-worker.ts";

/** The heap that decoding a snapshot may use before the worker, and only the worker, is ended. */
const WORKER_HEAP_MB_MAX = 4096;

let isTaking = false;

/**
 * The suspended tasks of this process, as `goroutine?debug=` and `goroutineleak` answer them.
 *
 * @throws {AgentError} `WT_AGENT_BUSY`, `WT_AGENT_FAILED`
 */
export async function takeTaskProfile(
  debug: 0 | 1 | 2,
  tasks: "all" | "stuck",
  budget: TaskBudget,
): Promise<Uint8Array> {
  if (isTaking) throw new AgentError("WT_AGENT_BUSY", "task profile");
  isTaking = true;
  try {
    const answer = await askWorker({ debug, tasks, budget });
    if ("problem" in answer) throw new AgentError("WT_AGENT_FAILED", answer.problem);
    return answer.bytes;
  } finally {
    isTaking = false;
  }
}

function askWorker(request: TaskRequest): Promise<TaskAnswer> {
  // Beside this file there are sources in development and compiled files when published.
  const file = new URL(`../task-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB_MAX },
    // The host's own preloads and flags are not for the worker, least of all the agent itself.
    execArgv: process.execArgv.filter((flag) => flag.startsWith("--conditions")),
    env: {},
  });
  worker.unref();
  return new Promise((resolve) => {
    worker.once("message", (answer: TaskAnswer) => resolve(answer));
    worker.once("error", (error) => resolve({ problem: error.message }));
    worker.once("exit", () => resolve({ problem: "the worker ended without an answer" }));
  });
}

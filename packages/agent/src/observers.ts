/** Everything that watches the process: opened once for an agent, and closed with it. */
import type { Server } from "node:http";
import type { AgentSettings } from "./agent-options.ts";
import { type HeapSampling, startHeapSampling } from "./profiles/heap.ts";
import { TaskProfiler } from "./profiles/tasks.ts";
import { openRequestRegistry, type RequestRegistry } from "./requests/request-registry.ts";

/** What the profiles are taken from. */
export interface Observers {
  readonly settings: AgentSettings;
  readonly heap: () => Promise<HeapSampling>;
  readonly tasks: TaskProfiler;
  readonly requests: RequestRegistry;
  close(): Promise<void>;
}

/** Starts watching. Requests to the agent's own server are nobody's business. */
export function openObservers(settings: AgentSettings, ownServer?: Server): Observers {
  const sampling = startHeapSampling();
  // Whoever asks for a heap profile is told of a failure; the host never is.
  sampling.catch(() => {});
  const tasks = new TaskProfiler();
  const requests = openRequestRegistry(settings.requests, ownServer);
  return {
    settings,
    heap: () => sampling,
    tasks,
    requests,
    async close() {
      requests.close();
      await tasks.close();
      await sampling.then((heap) => heap.stop()).catch(() => {});
    },
  };
}

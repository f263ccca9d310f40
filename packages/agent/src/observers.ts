/** Everything that watches the process: opened once for an agent, and closed with it. */
import type { Server } from "node:http";
import type { AgentSettings } from "./agent-options.ts";
import { type ExternalMemory, openExternalMemory } from "./external/external-memory.ts";
import { type CpuProfiler, openCpuProfiler } from "./profiles/cpu.ts";
import { type HeapSampling, startHeapSampling } from "./profiles/heap.ts";
import { TaskProfiler } from "./profiles/tasks.ts";
import { openRequestRegistry, type RequestRegistry } from "./requests/request-registry.ts";

/** What the profiles are taken from. */
export interface Observers {
  readonly settings: AgentSettings;
  readonly cpu: CpuProfiler;
  readonly heap: HeapSampling;
  readonly external: ExternalMemory;
  readonly tasks: TaskProfiler;
  readonly requests: RequestRegistry;
  close(): Promise<void>;
}

/** Watches from its return on. Requests to the agent's own server are nobody's business. */
export function openObservers(settings: AgentSettings, ownServer?: Server): Observers {
  const heap = startHeapSampling();
  const external = openExternalMemory(settings.externalMemory);
  const tasks = new TaskProfiler(settings.taskCopy);
  const requests = openRequestRegistry(settings.requests, ownServer);
  const cpu = openCpuProfiler(settings.cpuProfile, requests);
  return {
    settings,
    cpu,
    heap,
    external,
    tasks,
    requests,
    async close() {
      cpu.close();
      requests.close();
      external.close();
      await tasks.close();
      await heap.stop().catch(() => {});
    },
  };
}

/** The profiles, by the names that Go gives them, so that every tool that reads Go's reads these. */
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { encodePprof, subtractProfiles } from "@watertight/profile";
import type { AgentSettings } from "./agent-options.ts";
import { AgentError } from "./errors.ts";
import { takeCpuProfile } from "./profiles/cpu.ts";
import { type HeapSampling, takeHeapProfile } from "./profiles/heap.ts";
import { takeTaskProfile } from "./profiles/tasks.ts";
import { takeTrace } from "./profiles/trace.ts";

const compress = promisify(gzip);

/** What a route answers. */
export interface ProfileAnswer {
  readonly contentType: string;
  readonly body: Uint8Array | string;
  /** Name under which a browser saves it. */
  readonly fileName?: string;
}

/** What routes work with. */
export interface ProfileSources {
  readonly settings: AgentSettings;
  readonly heap: () => Promise<HeapSampling>;
}

type Route = (query: URLSearchParams, sources: ProfileSources) => Promise<ProfileAnswer>;

/** Every profile, with the line that the index page says of it. */
export const PROFILES: Readonly<Record<string, { readonly about: string; readonly take: Route }>> =
  {
    allocs: {
      about: "Allocation sites of what is in use, sampled since the agent started. Same as heap.",
      take: (query, sources) => answerHeap("allocs", query, sources),
    },
    cmdline: {
      about: "The command line of this process, its arguments separated by NUL bytes.",
      take: async () =>
        text([process.execPath, ...process.execArgv, ...process.argv.slice(1)].join("\0")),
    },
    goroutine: {
      about:
        "Every suspended async function, with its await stack. debug=1 groups them, debug=2 lists each as Go lists goroutines.",
      take: (query, { settings }) => answerTasks("goroutine", "all", query, settings),
    },
    goroutineleak: {
      about:
        "Suspended async functions that are proven never to wake: nothing live can settle what they await.",
      take: (query, { settings }) => answerTasks("goroutineleak", "stuck", query, settings),
    },
    heap: {
      about: "Allocation sites of what is in use, sampled since the agent started.",
      take: (query, sources) => answerHeap("heap", query, sources),
    },
    profile: {
      about: "CPU profile of the main thread. seconds= says for how long, 30 by default.",
      take: async (query) => pprof("profile", await takeCpuProfile(readSeconds(query, 30))),
    },
    trace: {
      about:
        "Event loop, garbage collection and requests over time, for chrome://tracing and Perfetto. seconds=, 1 by default.",
      take: async (query) => ({
        contentType: "application/json",
        body: await takeTrace(readSeconds(query, 1)),
        fileName: "trace.json",
      }),
    },
  };

async function answerTasks(
  name: string,
  tasks: "all" | "stuck",
  query: URLSearchParams,
  { taskBudget }: AgentSettings,
): Promise<ProfileAnswer> {
  const debug = readDebug(query);
  const bytes = await takeTaskProfile(debug, tasks, taskBudget);
  return debug === 0 ? pprof(name, bytes) : text(bytes);
}

/** With `seconds=`, what changed over that time, as Go's delta profiles do. */
async function answerHeap(
  name: string,
  query: URLSearchParams,
  { heap }: ProfileSources,
): Promise<ProfileAnswer> {
  const sampling = await heap();
  if (!query.has("seconds")) return pprof(name, await takeHeapProfile(sampling));
  const before = await sampling.profile();
  await sleep(readSeconds(query, 1) * 1000, undefined, { ref: false });
  return pprof(name, encodePprof(subtractProfiles(await sampling.profile(), before)));
}

function text(body: Uint8Array | string): ProfileAnswer {
  return { contentType: "text/plain; charset=utf-8", body };
}

async function pprof(name: string, bytes: Uint8Array): Promise<ProfileAnswer> {
  return {
    contentType: "application/octet-stream",
    body: await compress(bytes),
    fileName: name,
  };
}

const SECONDS_MAX = 300;

function readSeconds(query: URLSearchParams, defaultSeconds: number): number {
  const seconds = query.has("seconds") ? Number(query.get("seconds")) : defaultSeconds;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > SECONDS_MAX) {
    throw new AgentError("WT_AGENT_PARAMETER", `seconds=${query.get("seconds")}`);
  }
  return seconds;
}

function readDebug(query: URLSearchParams): 0 | 1 | 2 {
  const debug = Number(query.get("debug") ?? 0);
  if (debug !== 0 && debug !== 1 && debug !== 2) {
    throw new AgentError("WT_AGENT_PARAMETER", `debug=${query.get("debug")}`);
  }
  return debug;
}

/** The profiles, by the names that Go gives them, so that every tool that reads Go's reads these. */
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Profile } from "@watertight/profile";
import { AgentError } from "./errors.ts";
import type { Observers } from "./observers.ts";
import { loadProfileRoom } from "./profile-room.ts";
import { leaveLive } from "./profiles/live-memory.ts";
import { takeTrace } from "./profiles/trace.ts";
import { tellWritten } from "./profiles/written-places.ts";
import { readTaskBudget } from "./task-parameters.ts";
import { vanishedDump } from "./requests/vanished-dump.ts";
import type { VanishedRequest } from "./requests/vanished-requests.ts";

const compress = promisify(gzip);

/** What a route answers. */
export interface ProfileAnswer {
  readonly contentType: string;
  readonly body: Uint8Array | string;
  /** Name under which a browser saves it. */
  readonly fileName?: string;
}

type Route = (query: URLSearchParams, observers: Observers) => Promise<ProfileAnswer>;

/** Every profile, with the line that the index page says of it. */
export const PROFILES: Readonly<Record<string, { readonly about: string; readonly take: Route }>> =
  {
    allocs: {
      about: "Allocation sites of what is in use, sampled since the agent started. Same as heap.",
      take: (query, observers) => answerMemory("allocs", query, observers, takeHeap),
    },
    census: {
      about:
        "What else the process holds, as JSON: timers, handles, listeners, unread bodies, collections, buffers. Of the last task profile, where that is no older than a minute.",
      take: async (query, { settings, tasks }) => ({
        contentType: "application/json",
        body: await tasks.census(readTaskBudget(query, settings)),
      }),
    },
    cmdline: {
      about: "The command line of this process, its arguments separated by NUL bytes.",
      take: async () =>
        text([process.execPath, ...process.execArgv, ...process.argv.slice(1)].join("\0")),
    },
    external: {
      about:
        "Memory outside of V8's heap (Buffers) by the line that allocated it, sampled since the agent started. What no sample explains is told as such. Part of heap too.",
      take: (query, observers) => answerMemory("external", query, observers, takeExternal),
    },
    goroutine: {
      about:
        "Every suspended async function, with its await stack. debug=1 groups them, debug=2 lists each as Go lists goroutines. standstill_ms= is how long the process may stand still for it.",
      take: (query, observers) => answerTasks("goroutine", "all", query, observers),
    },
    goroutineleak: {
      about:
        "Suspended async functions that are proven never to wake: nothing live can settle what they await.",
      take: (query, observers) => answerTasks("goroutineleak", "stuck", query, observers),
    },
    heap: {
      about:
        "Allocation sites of what is in use, sampled since the agent started. With gc=1 garbage is collected first: without, what no collection has taken yet is part of it.",
      take: (query, observers) => answerMemory("heap", query, observers, takeHeap),
    },
    profile: {
      about:
        "CPU profile of the main thread. seconds= says for how long, 30 by default. Samples are labelled with their request; with lines=1 they have exact lines instead.",
      take: async (query, { cpu }) => {
        const detail = query.get("lines") === "1" ? "line" : "request";
        const request = { seconds: readSeconds(query, 30), detail } as const;
        const { decodePprof, encodePprof } = await loadProfileRoom();
        const { profile } = decodePprof(await cpu.take(request));
        return pprof("profile", encodePprof(await tellWritten(profile)));
      },
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
    vanished: {
      about:
        "Requests that were never answered and of which nothing is left. Kept when the agent runs with requests set to on.",
      take: (query, { requests }) => answerVanished(query, requests.vanished()),
    },
  };

async function answerTasks(
  name: string,
  tasks: "all" | "stuck",
  query: URLSearchParams,
  observers: Observers,
): Promise<ProfileAnswer> {
  const debug = readDebug(query);
  const budget = readTaskBudget(query, observers.settings);
  const bytes = await observers.tasks.take({ debug, tasks, budget });
  return debug === 0 ? pprof(name, bytes) : text(bytes);
}

async function answerVanished(
  query: URLSearchParams,
  requests: readonly VanishedRequest[],
): Promise<ProfileAnswer> {
  const debug = readDebug(query);
  const dump = vanishedDump(requests, Date.now());
  const { encodeGoroutineText, encodePprof, profileFromGoroutines } = await loadProfileRoom();
  if (debug === 0) return pprof("vanished", encodePprof(profileFromGoroutines(dump)));
  return text(encodeGoroutineText(dump, { debug }));
}

async function takeHeap({ heap, external }: Observers): Promise<Profile> {
  const { mergeProfiles } = await loadProfileRoom();
  return mergeProfiles([await heap.profile(), await external.profile("use")]);
}

function takeExternal({ external }: Observers): Promise<Profile> {
  return external.profile("all");
}

/** With `seconds=`, what changed over that time, as Go's delta profiles do; with `gc=1`, without garbage. */
async function answerMemory(
  name: string,
  query: URLSearchParams,
  observers: Observers,
  takeNow: (observers: Observers) => Promise<Profile>,
): Promise<ProfileAnswer> {
  const { encodePprof, markCollected, subtractProfiles } = await loadProfileRoom();
  const isCollecting = readCollection(query);
  const budget = readTaskBudget(query, observers.settings);
  const take = async (): Promise<Profile> => {
    if (isCollecting) await leaveLive(budget);
    const profile = await tellWritten(await takeNow(observers));
    return isCollecting ? markCollected(profile) : profile;
  };
  if (!query.has("seconds")) return pprof(name, encodePprof(await take()));
  const seconds = readSeconds(query, 1);
  const before = await take();
  await sleep(seconds * 1000, undefined, { ref: false });
  return pprof(name, encodePprof(subtractProfiles(await take(), before)));
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

function readCollection(query: URLSearchParams): boolean {
  const gc = query.get("gc") ?? "0";
  if (gc !== "0" && gc !== "1") throw new AgentError("WT_AGENT_PARAMETER", `gc=${gc}`);
  return gc === "1";
}

function readDebug(query: URLSearchParams): 0 | 1 | 2 {
  const debug = Number(query.get("debug") ?? 0);
  if (debug !== 0 && debug !== 1 && debug !== 2) {
    throw new AgentError("WT_AGENT_PARAMETER", `debug=${query.get("debug")}`);
  }
  return debug;
}

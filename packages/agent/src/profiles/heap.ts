/** What is in use on the heap, by the line that allocated it. Sampled from the agent's start on. */
import type { Profile } from "@watertight/profile";
import { ownSession } from "../own-session.ts";
import { loadProfileRoom } from "../profile-room.ts";
import {
  loadNativeProfiler,
  type NativeProfile,
  type NativeProfiler,
  readNativeProfile,
} from "./datadog-pprof.ts";

/**
 * Bytes allocated between two samples, on average: twice what V8 and Go take by default. Sampling is
 * most of what an agent costs each request, and a leak worth finding is many times as large.
 */
const SAMPLING_INTERVAL_BYTES = 1024 * 1024;
const STACK_FRAMES_MAX = 64;

/** Continuous sampling of allocations: cheap enough to stay on. */
export interface HeapSampling {
  /** What is in use now on V8's heap; memory outside of it is no part of this. */
  profile(): Promise<Profile>;
  stop(): Promise<void>;
}

let shared: HeapSampling | undefined;
let users = 0;

/**
 * Starts sampling before it returns: what is allocated from then on is seen, and nothing else. V8
 * samples once for a process, so several agents share it, and the last one to stop ends it.
 */
export function startHeapSampling(): HeapSampling {
  const sampling = (shared ??= sampleNatively() ?? sampleByInspector());
  users++;
  let isOurs = true;
  return {
    profile: () => sampling.profile(),
    async stop() {
      if (!isOurs) return;
      isOurs = false;
      if (--users > 0) return;
      shared = undefined;
      await sampling.stop();
    },
  };
}

function sampleNatively(): HeapSampling | undefined {
  const native = loadNativeProfiler();
  if (!native) return undefined;
  try {
    native.heap.start(SAMPLING_INTERVAL_BYTES, STACK_FRAMES_MAX);
  } catch {
    // Another profiler of the host's samples already, with settings of its own.
    return undefined;
  }
  return {
    profile: () => readHeap(native),
    stop: async () => native.heap.stop(),
  };
}

async function readHeap(native: NativeProfiler): Promise<Profile> {
  const profile = native.heap.profile();
  dropExternal(profile);
  return await readNativeProfile(profile, [
    { type: "inuse_objects", unit: "count" },
    { type: "inuse_space", unit: "bytes" },
  ]);
}

/** The native profiler tells all external memory in one sample without a stack. */
function dropExternal(profile: NativeProfile): void {
  const name = profile.stringTable.strings.indexOf("(external)");
  const id = profile.function.find((candidate) => candidate.name === name)?.id;
  const at = profile.location.find(({ line }) => line[0]?.functionId === id)?.id;
  if (name < 0 || at === undefined) return;
  profile.sample = profile.sample.filter(({ locationId: [leaf] }) => leaf !== at);
}

function sampleByInspector(): HeapSampling {
  const session = ownSession();
  // In a session to its own thread the command is done when this returns.
  const started = session.post("HeapProfiler.startSampling", {
    samplingInterval: SAMPLING_INTERVAL_BYTES,
  });
  // Whoever asks for a heap profile is told of a failure; the host never is.
  started.catch(() => {});
  return {
    async profile() {
      await started;
      const { profile } = await session.post<{ profile: unknown }>(
        "HeapProfiler.getSamplingProfile",
      );
      const { importHeapProfile } = await loadProfileRoom();
      return importHeapProfile(profile);
    },
    stop: async () => void (await session.post("HeapProfiler.stopSampling")),
  };
}

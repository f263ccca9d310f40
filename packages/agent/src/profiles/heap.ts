/** What is in use on the heap, by the line that allocated it. Sampled from the agent's start on. */
import { importHeapProfile, type Profile } from "@watertight/profile";
import { ownSession } from "../own-session.ts";
import { loadNativeProfiler, readNativeProfile } from "./datadog-pprof.ts";

/** Bytes allocated between two samples, on average: V8's own default, and Go's. */
const SAMPLING_INTERVAL_BYTES = 512 * 1024;
const STACK_FRAMES_MAX = 64;

/** Continuous sampling of allocations: cheap enough to stay on. */
export interface HeapSampling {
  /** What is in use now. */
  profile(): Promise<Profile>;
  stop(): Promise<void>;
}

/** Starts sampling. Only what is allocated from now on is seen. */
export async function startHeapSampling(): Promise<HeapSampling> {
  return (await sampleNatively()) ?? (await sampleByInspector());
}

async function sampleNatively(): Promise<HeapSampling | undefined> {
  const native = await loadNativeProfiler();
  if (!native) return undefined;
  try {
    native.heap.start(SAMPLING_INTERVAL_BYTES, STACK_FRAMES_MAX);
  } catch {
    // Another profiler of the host's samples already, with settings of its own.
    return undefined;
  }
  return {
    profile: async () =>
      readNativeProfile(native.heap.profile(), [
        { type: "inuse_objects", unit: "count" },
        { type: "inuse_space", unit: "bytes" },
      ]),
    stop: async () => native.heap.stop(),
  };
}

async function sampleByInspector(): Promise<HeapSampling> {
  const session = ownSession();
  await session.post("HeapProfiler.startSampling", { samplingInterval: SAMPLING_INTERVAL_BYTES });
  return {
    async profile() {
      const { profile } = await session.post<{ profile: unknown }>(
        "HeapProfiler.getSamplingProfile",
      );
      return importHeapProfile(profile);
    },
    stop: async () => void (await session.post("HeapProfiler.stopSampling")),
  };
}

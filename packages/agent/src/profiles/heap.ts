/** What is in use on the heap, by the line that allocated it. Sampled from the agent's start on. */
import { encodePprof, importHeapProfile, type Profile } from "@watertight/profile";
import { openInProcessSession } from "../in-process-session.ts";

/** Bytes allocated between two samples, on average: V8's own default, and Go's. */
const SAMPLING_INTERVAL_BYTES = 512 * 1024;

/** Continuous sampling of allocations: cheap enough to stay on. */
export interface HeapSampling {
  /** What is in use now. */
  profile(): Promise<Profile>;
  stop(): Promise<void>;
}

/** Starts sampling. Only what is allocated from now on is seen. */
export async function startHeapSampling(): Promise<HeapSampling> {
  const session = openInProcessSession("own");
  await session.post("HeapProfiler.startSampling", { samplingInterval: SAMPLING_INTERVAL_BYTES });
  return {
    async profile() {
      const { profile } = await session.post<{ profile: unknown }>(
        "HeapProfiler.getSamplingProfile",
      );
      return importHeapProfile(profile);
    },
    stop: () => session.close(),
  };
}

/** A heap profile as pprof, not compressed. */
export async function takeHeapProfile(sampling: HeapSampling): Promise<Uint8Array> {
  return encodePprof(await sampling.profile());
}

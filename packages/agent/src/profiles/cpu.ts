/** Where the processor's time goes, sampled for some seconds. */
import { setTimeout as sleep } from "node:timers/promises";
import { importCpuProfile, type Profile } from "@watertight/profile";
import { AgentError } from "../errors.ts";
import { ownSession } from "../own-session.ts";
import { loadNativeProfiler, readNativeProfile } from "./datadog-pprof.ts";

const SAMPLING_INTERVAL_MICROS = 10_000;

let isTaking = false;

/**
 * A CPU profile of this thread.
 *
 * @throws {AgentError} `WT_AGENT_BUSY`
 */
export async function takeCpuProfile(seconds: number): Promise<Profile> {
  if (isTaking) throw new AgentError("WT_AGENT_BUSY", "CPU profile");
  isTaking = true;
  try {
    return (await takeNatively(seconds)) ?? (await takeByInspector(seconds));
  } finally {
    isTaking = false;
  }
}

async function takeNatively(seconds: number): Promise<Profile | undefined> {
  const native = loadNativeProfiler();
  // Another profiler of the host's may be at work already.
  if (!native || native.time.isStarted()) return undefined;
  native.time.start({ intervalMicros: SAMPLING_INTERVAL_MICROS, lineNumbers: true });
  await sleep(seconds * 1000, undefined, { ref: false });
  return readNativeProfile(native.time.stop(), [
    { type: "samples", unit: "count" },
    { type: "cpu", unit: "nanoseconds" },
  ]);
}

async function takeByInspector(seconds: number): Promise<Profile> {
  const session = ownSession();
  await session.post("Profiler.enable");
  try {
    await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_INTERVAL_MICROS });
    await session.post("Profiler.start");
    await sleep(seconds * 1000, undefined, { ref: false });
    const { profile } = await session.post<{ profile: unknown }>("Profiler.stop");
    return importCpuProfile(profile);
  } finally {
    await session.post("Profiler.disable");
  }
}

/** Where the processor's time goes, sampled for some seconds. */
import { setTimeout as sleep } from "node:timers/promises";
import { encodePprof, importCpuProfile } from "@watertight/profile";
import { AgentError } from "../errors.ts";
import { openInProcessSession } from "../in-process-session.ts";

const SAMPLING_INTERVAL_MICROS = 10_000;

let isTaking = false;

/**
 * A CPU profile of this thread as pprof, not compressed.
 *
 * @throws {AgentError} `WT_AGENT_BUSY`
 */
export async function takeCpuProfile(seconds: number): Promise<Uint8Array> {
  if (isTaking) throw new AgentError("WT_AGENT_BUSY", "CPU profile");
  isTaking = true;
  const session = openInProcessSession("own");
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_INTERVAL_MICROS });
    await session.post("Profiler.start");
    await sleep(seconds * 1000, undefined, { ref: false });
    const { profile } = await session.post<{ profile: unknown }>("Profiler.stop");
    return encodePprof(importCpuProfile(profile));
  } finally {
    await session.close();
    isTaking = false;
  }
}

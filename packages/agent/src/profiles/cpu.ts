/** Where the processor's time goes, sampled for some seconds. */
import { setTimeout as sleep } from "node:timers/promises";
import { encodePprof, importCpuProfile } from "@watertight/profile";
import { AgentError } from "../errors.ts";
import { ownSession } from "../own-session.ts";
import type { RequestName, RequestRegistry } from "../requests/request-registry.ts";
import { loadNativeProfiler, type NativeProfile, type NativeProfiler } from "./datadog-pprof.ts";

const SAMPLING_INTERVAL_MICROS = 10_000;

/** What a CPU profile is asked for with. */
export interface CpuRequest {
  readonly seconds: number;
  /**
   * What is told of a sample beyond its functions: the `request` it was taken in, as labels, or the
   * `line` of each function. V8's profiler and the native one cannot tell both at once.
   */
  readonly detail: "request" | "line";
}

let isTaking = false;

/**
 * A CPU profile of this thread, encoded as pprof.
 *
 * @throws {AgentError} `WT_AGENT_BUSY`
 */
export async function takeCpuProfile(
  request: CpuRequest,
  requests: RequestRegistry,
): Promise<Uint8Array> {
  if (isTaking) throw new AgentError("WT_AGENT_BUSY", "CPU profile");
  isTaking = true;
  try {
    const native = loadNativeProfiler();
    // Another profiler of the host's may be at work already.
    if (!native || native.time.isStarted()) return await takeByInspector(request.seconds);
    const isLabelled = request.detail === "request" && requests.contexts !== "none";
    return isLabelled
      ? await takeLabelled(native, request.seconds, requests)
      : await takeWithLines(native, request.seconds);
  } finally {
    isTaking = false;
  }
}

async function takeWithLines(native: NativeProfiler, seconds: number): Promise<Uint8Array> {
  native.time.start({ intervalMicros: SAMPLING_INTERVAL_MICROS, lineNumbers: true });
  await sleep(seconds * 1000, undefined, { ref: false });
  return encodeNative(native.time.stop());
}

/** Requests that were under way when it began have no labels. */
async function takeLabelled(
  native: NativeProfiler,
  seconds: number,
  requests: RequestRegistry,
): Promise<Uint8Array> {
  native.time.start({
    intervalMicros: SAMPLING_INTERVAL_MICROS,
    // So many samples it keeps with their contexts.
    durationMillis: seconds * 1000,
    withContexts: true,
    useCPED: requests.contexts === "native",
  });
  const outside = {};
  const stopFollowing = requests.follow((request) => native.time.setContext(request ?? outside));
  await sleep(seconds * 1000, undefined, { ref: false });
  stopFollowing();
  return encodeNative(
    native.time.stop(
      false,
      // Time in which nothing runs is nobody's.
      ({ node, context }) => (node.name === "(idle)" ? {} : labelsOf(context?.context)),
      ["method", "path"],
    ),
  );
}

function labelsOf(context: object | undefined): Record<string, string> {
  const { method, path } = (context ?? {}) as Partial<RequestName>;
  return method === undefined || path === undefined ? {} : { method, path };
}

/** With the sample types that Go's CPU profiles have. */
function encodeNative(profile: NativeProfile): Uint8Array {
  const { sampleType, periodType, stringTable } = profile;
  const [samples, cpu] = sampleType;
  if (samples) samples.type = stringTable.dedup("samples");
  if (cpu) cpu.type = stringTable.dedup("cpu");
  if (periodType) periodType.type = stringTable.dedup("cpu");
  return profile.encode();
}

async function takeByInspector(seconds: number): Promise<Uint8Array> {
  const session = ownSession();
  await session.post("Profiler.enable");
  try {
    await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_INTERVAL_MICROS });
    await session.post("Profiler.start");
    await sleep(seconds * 1000, undefined, { ref: false });
    const { profile } = await session.post<{ profile: unknown }>("Profiler.stop");
    return encodePprof(importCpuProfile(profile));
  } finally {
    await session.post("Profiler.disable");
  }
}

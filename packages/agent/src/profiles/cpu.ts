/** Where the processor's time goes, sampled for some seconds. */
import { setTimeout as sleep } from "node:timers/promises";
import { AgentError } from "../errors.ts";
import { ownSession } from "../own-session.ts";
import { loadProfileRoom } from "../profile-room.ts";
import type { RequestRegistry } from "../requests/request-registry.ts";
import { loadNativeProfiler, type NativeProfiler } from "./datadog-pprof.ts";
import {
  CPU_INTERVAL_MICROS,
  encodeByRequest,
  encodeCpu,
  profileByLine,
  profileByRequest,
} from "./native-cpu.ts";

/** What a CPU profile is asked for with. */
interface CpuRequest {
  readonly seconds: number;
  /**
   * What is told of a sample beyond its functions: the `request` it was taken in, as labels, or the
   * `line` of each function. The native profiler cannot tell both at once.
   */
  readonly detail: "request" | "line";
}

/**
 * `asked`: V8's profiler starts when a profile is asked for. It lists every function first, which
 * takes it some 10 ms and half a millisecond more for each megabyte of heap, in one piece. `ready`:
 * it starts with the agent and samples all the time, so that a profile starts at once.
 */
export type CpuReadiness = "asked" | "ready";

/** Takes CPU profiles of this thread, one at a time. */
export interface CpuProfiler {
  /**
   * A profile, encoded as pprof.
   *
   * @throws {AgentError} `WT_AGENT_BUSY`
   */
  take(request: CpuRequest): Promise<Uint8Array>;
  close(): void;
}

/** What nobody asked for is thrown away so often; it is kept for as long as a profile may be. */
const DISCARD_MS = 60_000;
const READY_SECONDS = 360;

/** There is one native profiler in a process, and one profile of V8 at a time is enough. */
let isTaking = false;

/** Opens the profiler; `ready` is only possible where the native one is there and free. */
export function openCpuProfiler(readiness: CpuReadiness, requests: RequestRegistry): CpuProfiler {
  const native = loadNativeProfiler();
  const isReady = readiness === "ready" && native !== undefined && !native.time.isStarted();
  const start = (): void => {
    if (isReady) profileByRequest(native, requests, READY_SECONDS);
  };
  const end = (): void => {
    if (isReady && native.time.isStarted()) native.time.stop();
  };
  start();
  const discard = setInterval(() => {
    if (isReady && !isTaking) native.time.stop(true);
  }, DISCARD_MS).unref();
  if (!isReady) clearInterval(discard);
  const takeReady = async (ready: NativeProfiler, request: CpuRequest): Promise<Uint8Array> => {
    if (request.detail === "request") {
      ready.time.stop(true);
      return await follow(ready, request.seconds, requests, { restart: true });
    }
    end();
    try {
      return await takeOnce(ready, request, requests);
    } finally {
      start();
    }
  };
  const take = async (request: CpuRequest): Promise<Uint8Array> => {
    if (isReady && native.time.isStarted()) return await takeReady(native, request);
    // Another profiler of the host's may be at work already.
    if (!native || native.time.isStarted()) return await takeByInspector(request.seconds);
    return await takeOnce(native, request, requests);
  };
  return {
    async take(request) {
      if (isTaking) throw new AgentError("WT_AGENT_BUSY", "CPU profile");
      isTaking = true;
      try {
        return await take(request);
      } finally {
        isTaking = false;
      }
    },
    close() {
      clearInterval(discard);
      end();
    },
  };
}

async function takeOnce(
  native: NativeProfiler,
  { seconds, detail }: CpuRequest,
  requests: RequestRegistry,
): Promise<Uint8Array> {
  if (detail === "request" && requests.contexts !== "none") {
    profileByRequest(native, requests, seconds);
    return await follow(native, seconds, requests, { restart: false });
  }
  profileByLine(native);
  await sleep(seconds * 1000, undefined, { ref: false });
  return encodeCpu(native.time.stop());
}

/** Requests that were under way when it began have no labels. */
async function follow(
  native: NativeProfiler,
  seconds: number,
  requests: RequestRegistry,
  { restart }: { readonly restart: boolean },
): Promise<Uint8Array> {
  const outside = {};
  const stopFollowing = requests.follow((request) => native.time.setContext(request ?? outside));
  await sleep(seconds * 1000, undefined, { ref: false });
  stopFollowing();
  return encodeByRequest(native, { restart });
}

async function takeByInspector(seconds: number): Promise<Uint8Array> {
  const session = ownSession();
  await session.post("Profiler.enable");
  try {
    await session.post("Profiler.setSamplingInterval", { interval: CPU_INTERVAL_MICROS });
    await session.post("Profiler.start");
    await sleep(seconds * 1000, undefined, { ref: false });
    const { profile } = await session.post<{ profile: unknown }>("Profiler.stop");
    const { encodePprof, importCpuProfile } = await loadProfileRoom();
    return encodePprof(importCpuProfile(profile));
  } finally {
    await session.post("Profiler.disable");
  }
}

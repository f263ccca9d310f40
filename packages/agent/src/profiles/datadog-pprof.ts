/**
 * The native profiler, where it can be loaded: it is an optional dependency, built for the
 * common platforms. Elsewhere `node:inspector` does the same work at a higher price.
 */
import { createRequire } from "node:module";
import type { Profile, ValueType } from "@watertight/profile";
import { loadProfileRoom } from "../profile-room.ts";

export type NativeProfiler = typeof import("@datadog/pprof");
export type NativeProfile = ReturnType<NativeProfiler["time"]["stop"]>;

let loaded: { readonly profiler: NativeProfiler | undefined } | undefined;

/**
 * The profiler, or undefined where it is not installed or has no build for this machine. It is
 * loaded in one piece, so that what comes after the agent's start is sampled from its first line.
 */
export function loadNativeProfiler(): NativeProfiler | undefined {
  loaded ??= { profiler: requireProfiler() };
  return loaded.profiler;
}

function requireProfiler(): NativeProfiler | undefined {
  try {
    return createRequire(import.meta.url)("@datadog/pprof") as NativeProfiler;
  } catch {
    return undefined;
  }
}

/** A native profile with the sample types that the inspector's has. */
export async function readNativeProfile(
  native: NativeProfile,
  sampleTypes: readonly ValueType[],
): Promise<Profile> {
  const { decodePprof } = await loadProfileRoom();
  const { profile } = decodePprof(native.encode());
  return { ...profile, sampleTypes, periodType: sampleTypes.at(-1) ?? profile.periodType };
}

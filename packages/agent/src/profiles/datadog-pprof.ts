/**
 * The native profiler, where it can be loaded: it is an optional dependency, built for the
 * common platforms. Elsewhere `node:inspector` does the same work at a higher price.
 */
import { decodePprof, type Profile, type ValueType } from "@watertight/profile";

type NativeProfiler = typeof import("@datadog/pprof");
type NativeProfile = ReturnType<NativeProfiler["time"]["stop"]>;

let loading: Promise<NativeProfiler | undefined> | undefined;

/** The profiler, or undefined where it is not installed or has no build for this machine. */
export function loadNativeProfiler(): Promise<NativeProfiler | undefined> {
  loading ??= import("@datadog/pprof").then(
    // It is CommonJS: its names may be on the default export only.
    (module) => (module as { default?: NativeProfiler }).default ?? module,
    () => undefined,
  );
  return loading;
}

/** A native profile with the sample types that the inspector's has. */
export function readNativeProfile(
  native: NativeProfile,
  sampleTypes: readonly ValueType[],
): Profile {
  const { profile } = decodePprof(native.encode());
  return { ...profile, sampleTypes, periodType: sampleTypes.at(-1) ?? profile.periodType };
}

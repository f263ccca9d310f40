/** The native profiler's samples of the processor's time, and their names. */
import type { RequestName, RequestRegistry } from "../requests/request-registry.ts";
import type { NativeProfile, NativeProfiler } from "./datadog-pprof.ts";

export const CPU_INTERVAL_MICROS = 10_000;

/** Starts a profile whose functions stand at the line that ran. */
export function profileByLine(native: NativeProfiler): void {
  native.time.start({ intervalMicros: CPU_INTERVAL_MICROS, lineNumbers: true });
}

/** Starts a profile whose samples can be told the request that they are taken in. */
export function profileByRequest(
  native: NativeProfiler,
  requests: RequestRegistry,
  seconds: number,
): void {
  native.time.start({
    intervalMicros: CPU_INTERVAL_MICROS,
    // So many samples it keeps with their contexts.
    durationMillis: seconds * 1000,
    withContexts: true,
    useCPED: requests.contexts === "native",
  });
}

/** Ends it, or begins it anew, and encodes what there was. */
export function encodeByRequest(
  native: NativeProfiler,
  { restart }: { readonly restart: boolean },
): Uint8Array {
  return encodeCpu(
    native.time.stop(
      restart,
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
export function encodeCpu(profile: NativeProfile): Uint8Array {
  const { sampleType, periodType, stringTable } = profile;
  const [samples, cpu] = sampleType;
  if (samples) samples.type = stringTable.dedup("samples");
  if (cpu) cpu.type = stringTable.dedup("cpu");
  if (periodType) periodType.type = stringTable.dedup("cpu");
  return profile.encode();
}

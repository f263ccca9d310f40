export * from "./errors.ts";
export * from "./goroutine-dump.ts";
export * from "./profile.ts";
export * from "./gzip.ts";
export { decodePprof, type DecodedProfile } from "./pprof.ts";
export { PPROF_LIMITS, type PprofLimits } from "./pprof-limits.ts";

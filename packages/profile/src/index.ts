export * from "./errors.ts";
export * from "./goroutine-dump.ts";
export * from "./profile.ts";
export * from "./gzip.ts";
export { decodeSpawns } from "./trace/decode-spawns.ts";
export type { Spawn, SpawnTrace } from "./trace/spawn-trace.ts";
export { isCollected, markCollected } from "./collected-heap.ts";
export { decodePprof, type DecodedProfile } from "./pprof.ts";
export { PPROF_LIMITS, type PprofLimits } from "./pprof-limits.ts";
export {
  decodeHeapSnapshot,
  HeapSnapshotDecoder,
  type HeapSnapshotOptions,
} from "./heap-snapshot/decode-heap-snapshot.ts";
export type { EdgeType, HeapGraph, NodeType, PlaceColumns } from "./heap-snapshot/heap-graph.ts";
export {
  functionPlace,
  type FunctionPlace,
  scriptText,
  type ScriptText,
} from "./heap-snapshot/function-place.ts";
export type { CensusEntry, CensusKind, HeapCensus } from "./heap-snapshot/census-entry.ts";
export { listScripts } from "./heap-snapshot/list-scripts.ts";
export { takeCensus } from "./heap-snapshot/take-census.ts";
export { SIGNAL_ABORTED, SIGNAL_LABEL } from "./heap-snapshot/aborted-signals.ts";
export { ABORTED_AT_LABEL, LABEL_KEYS, readRequestLabels } from "./heap-snapshot/async-context.ts";
export {
  goroutinesFromTasks,
  listInnermostTasks,
  placeAtFunction,
  type PlaceTask,
} from "./heap-snapshot/goroutines-from-tasks.ts";
export { frameSignature, taskSignature } from "./heap-snapshot/task-signature.ts";
export type { PromiseNodes } from "./heap-snapshot/promise-nodes.ts";
export type { SnapshotStrings } from "./heap-snapshot/snapshot-strings.ts";
export {
  awaitStack,
  listSuspendedTasks,
  NO_TASK,
  type SuspendedTasks,
} from "./heap-snapshot/suspended-tasks.ts";
export { proveWakes, wakePath, type WakeProof, type WakeStep } from "./heap-snapshot/wake-proof.ts";
export {
  decodeGoroutineText,
  GoroutineTextDecoder,
  RUNTIME_DUMP_BYTES_MAX,
  type GoroutineTextOptions,
} from "./goroutine-text.ts";
export { GOROUTINE_TEXT_LIMITS, type GoroutineTextLimits } from "./goroutine-limits.ts";
export { isLockWait } from "./goroutine-witness.ts";
export * from "./detect-format.ts";
export { FoldedDecoder, decodeFolded, type FoldedOptions } from "./folded.ts";
export * from "./folded-encode.ts";
export { encodePprof } from "./pprof-encode.ts";
export * from "./profile-builder.ts";
export { mergeProfiles, subtractProfiles } from "./profile-merge.ts";
export { listPlaces, movePlaces, type MovedPlace, type ProfilePlace } from "./profile-places.ts";
export { sampleTypeIndex } from "./sample-type.ts";
export {
  encodeGoroutineText,
  encodeGoroutineTextChunks,
  type GoroutineEncodeOptions,
} from "./goroutine-encode.ts";
export { goroutinesFromProfile } from "./goroutine-from-profile.ts";
export { profileFromGoroutines, type GoroutineProfileOptions } from "./goroutine-to-profile.ts";
export { type CpuProfile, decodeCpuProfile, importCpuProfile } from "./v8/cpu-profile.ts";
export {
  decodeHeapProfile,
  importHeapProfile,
  type SamplingHeapProfile,
} from "./v8/heap-profile.ts";
export { decodePerfScript } from "./perf-script.ts";

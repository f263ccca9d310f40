export type * from "./observation.ts";
export type * from "./series/series-view.ts";
export { analyseSeries } from "./series/analyse-series.ts";
export type { AnalyseSeriesOptions } from "./series/judge-tracks.ts";
export { creatorKey } from "./series/collect-series.ts";
export { diagnose, type DiagnoseOptions, type Diagnosis } from "./diagnose.ts";
export { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";
export { ALL_RULES } from "./rules/all-rules.ts";
export type { Patience, Rule, RuleMatch } from "./rules/rule.ts";
export type { SourceReader } from "./view/dump-view.ts";
export { groupKey } from "./stack/group-key.ts";
export { FrameOrigins, type FrameOrigin, type FrameOriginOptions } from "./stack/frame-origin.ts";
export { verify, type LeakVerification, type Verification, type VerifyOptions } from "./verify.ts";
export type { LeakRate, LeakStatus, RateUnit, WatchNeeded } from "./verify/leak-rate.ts";
export { advanceWatch, openWatch, type WatchAdvance } from "./watch/advance-watch.ts";
export { WATCH_DEFAULTS, type WatchOptions } from "./watch/watch-options.ts";
export type {
  CountSample,
  OpenFinding,
  WatchEvent,
  WatchInput,
  WatchState,
  WatchStep,
} from "./watch/watch-state.ts";
export {
  diagnoseHeapSeries,
  HEAP_CAPTURES_MIN,
  noteAllocationRate,
  type HeapSeriesOptions,
} from "./heap/diagnose-heap-series.ts";

export type * from "./observation.ts";
export type * from "./series/series-view.ts";
export { analyseSeries, type AnalyseSeriesOptions } from "./series/analyse-series.ts";
export { creatorKey } from "./series/collect-series.ts";

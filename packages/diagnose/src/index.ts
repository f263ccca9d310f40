export type * from "./observation.ts";
export type * from "./series/series-view.ts";

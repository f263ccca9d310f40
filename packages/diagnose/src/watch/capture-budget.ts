/** Full captures cost the target: how many it has borne within the hour, and when there is room again. */

const HOUR_MS = 3_600_000;

/** Moments that still count at `nowMs`. */
export function withinHour(capturesAtMs: readonly number[], nowMs: number): readonly number[] {
  return capturesAtMs.filter((atMs) => atMs > nowMs - HOUR_MS);
}

/** Whether `wanted` more captures fit into the hour that ends at `nowMs`. */
export function hasRoom(
  capturesAtMs: readonly number[],
  nowMs: number,
  wanted: number,
  perHourMax: number,
): boolean {
  return withinHour(capturesAtMs, nowMs).length + wanted <= perHourMax;
}

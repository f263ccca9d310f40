/**
 * A goroutine in a loop on a ticker or a sleep never waits long: its header's age
 * starts again with every turn, while the goroutine itself stays. That tells a
 * loop that nobody stops from one long wait.
 */
import type { ComparableSeries, MemberTrack } from "./collect-series.ts";
import type { MemberSeries } from "./series-view.ts";
import { countCommon } from "./sorted-ids.ts";

const MINUTE_MS = 60_000;

/** Compares how long members were seen to stay with how long their headers say that they wait. */
export function readWaits(track: MemberTrack, series: ComparableSeries): MemberSeries["waits"] {
  const last = series.captures.length - 1;
  const end = series.captures[last];
  if (end === undefined) return "unknown";
  let stayedMinutes = 0;
  for (let j = 0; j < last && stayedMinutes === 0; j++) {
    const here = track.ids[j] as Float64Array;
    const common = countCommon(here, track.ids[last] as Float64Array);
    if (common > 0 && common >= here.length / 2) {
      stayedMinutes = Math.floor((end.atMs - (series.captures[j]?.atMs ?? end.atMs)) / MINUTE_MS);
    }
  }
  if (stayedMinutes < 2) return "unknown";
  const waited = track.ageMinutesMax[last] as number;
  if (waited >= stayedMinutes - 1) return "holding";
  // Ages are stamped by the garbage collector: without any such age, it may just not have run.
  const hasRunGc = end.dump.groups.some((group) => group.age.maxMinutes >= stayedMinutes);
  return hasRunGc ? "resetting" : "unknown";
}

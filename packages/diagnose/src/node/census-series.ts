/** A series of heap censuses as a series of dumps: then who stays, who comes and who goes is judged as for tasks. */
import type { CensusEntry, GoroutineDump, GoroutineGroup } from "@watertight/profile";
import type { Observation } from "../observation.ts";
import { analyseSeries } from "../series/analyse-series.ts";
import { uniteIds } from "../series/sorted-ids.ts";
import type { MemberSeries } from "../series/series-view.ts";
import { groupKey } from "../stack/group-key.ts";

/** One thing that was counted, over the series. */
export interface CensusTrack {
  /** As it was counted last. */
  readonly entry: CensusEntry;
  readonly series: MemberSeries;
  /** Bytes per capture; 0 where it was absent. */
  readonly bytes: readonly number[];
}

/** Follows everything that the censuses of a series count. */
export function trackCensus(observations: readonly Observation[]): readonly CensusTrack[] {
  const counted = observations.filter(({ goroutines }) => goroutines?.census !== undefined);
  const last = counted.at(-1)?.goroutines?.census;
  if (last === undefined || counted.length < 2) return [];
  const censuses = counted.map(({ goroutines }) => nameAlone(goroutines?.census?.entries ?? []));
  const view = analyseSeries(
    counted.map((observation, index) =>
      Object.assign({}, observation, {
        goroutines: dumpOf(observation.goroutines as GoroutineDump, censuses[index] ?? []),
      }),
    ),
  );
  const bytes = censuses.map((entries) => sumByKey(entries));
  const seen = new Set<string>();
  return nameAlone(last.entries).flatMap((entry) => {
    const key = groupKey(groupOf(entry));
    const series = view.groups.get(key);
    if (series === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ entry, series, bytes: bytes.map((sums) => sums.get(key) ?? 0) }];
  });
}

function sumByKey(entries: readonly CensusEntry[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const entry of entries) {
    const key = groupKey(groupOf(entry));
    sums.set(key, (sums.get(key) ?? 0) + entry.bytes);
  }
  return sums;
}

/**
 * The only collection or emitter of its name goes by the name: some replace their list by a longer copy each time.
 * Several of one name are told apart by their heap ids.
 */
function nameAlone(entries: readonly CensusEntry[]): readonly CensusEntry[] {
  const keys = entries.map(({ ofId: _id, ...entry }) => groupKey(groupOf(entry)));
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return entries.map((entry, index) => {
    if (entry.ofId === undefined || counts.get(keys[index] ?? "") !== 1) return entry;
    const { ofId: _id, ...alone } = entry;
    return alone;
  });
}

function dumpOf(dump: GoroutineDump, entries: readonly CensusEntry[]): GoroutineDump {
  const groups = entries.map(groupOf);
  const total = uniteIds(groups.map(({ ids }) => ids)).length;
  return { ...dump, groups, total, covered: total };
}

function groupOf({ kind, name, count, ids, ofId, place }: CensusEntry): GoroutineGroup {
  const where = place === undefined ? "" : `${place.function}@${place.file}:${place.line}`;
  return {
    count,
    state: kind,
    frames: [{ function: `${name} ${ofId ?? ""} ${where}`, file: "", line: 0 }],
    elidedFrames: 0,
    createdBy: undefined,
    labels: {},
    ids,
    age: { minMinutes: 0, maxMinutes: 0, stamped: 0 },
    leaked: 0,
    lockedToThread: 0,
    bubbled: 0,
    creatorCount: 0,
    witnesses: [],
  };
}

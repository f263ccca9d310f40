/**
 * Which await is it? A series follows tasks by their functions, because a line is not known in every capture. Where a
 * function waits at several lines, the growth belongs to those at which tasks stay.
 */
import type { GoroutineDump } from "@watertight/profile";
import type { Observation } from "../observation.ts";
import { countCommon, uniteIds } from "../series/sorted-ids.ts";
import type { GroupView } from "../view/group-view.ts";

/** An await with less than this share of what stays at the function's main one only passes its tasks on. */
const STAYERS_SHARE_MIN = 0.25;

/** The views at which tasks of an earlier capture still are, of those that share a key; all of them without an earlier capture. */
export function findStayers(
  views: readonly GroupView[],
  earlier: readonly Observation[],
): ReadonlySet<GroupView> {
  const dump = earlier.at(-1)?.goroutines;
  if (dump === undefined) return new Set(views);
  const before = idsOf(dump);
  const stayed = new Map(views.map((view) => [view, countCommon(view.group.ids, before)]));
  const most = new Map<string, number>();
  for (const view of views) {
    most.set(view.key, Math.max(most.get(view.key) ?? 0, stayed.get(view) ?? 0));
  }
  return new Set(
    views.filter(
      (view) => (stayed.get(view) ?? 0) >= (most.get(view.key) ?? 0) * STAYERS_SHARE_MIN,
    ),
  );
}

function idsOf({ groups }: GoroutineDump): Float64Array {
  return uniteIds(groups.map(({ ids }) => ids));
}

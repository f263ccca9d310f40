/**
 * Where a group of goroutines stands in the life of its service. This is what
 * separates a leak from a busy pool in one single capture:
 *
 * - `startup`: started by `main` or an `init`, or all at once when the process was young.
 * - `attached`: whoever started it is still at work on the same thing (a live request, a fan-out).
 * - `serving`: it is a request's own goroutine.
 * - `kept`: started by a long-lived goroutine that is no request (an accept or consumer loop).
 * - `orphaned`: whoever started it has ended, or has moved on.
 * - `unknown`: the format names no creators (`debug=1`, pprof).
 *
 * The goroutine that did the `go` statement is known by id from Go 1.21 on. Before, the
 * functions on all stacks tell whether anybody is still inside the function that started it.
 */
import { normaliseFunctionName, parentFunction } from "../stack/function-name.ts";
import { creatorIdsOf, type DumpView } from "./dump-view.ts";
import type { GroupView } from "./group-view.ts";
import { servesConnection } from "./open-connection.ts";
import { findLostClients, type LostClients } from "./lost-client.ts";

type Standing = "startup" | "attached" | "serving" | "kept" | "orphaned" | "unknown";

/** How the group's goroutine ids lie in the process's life. Ids are handed out in order. */
type Timeline = "accumulated" | "recent" | "full" | "unknown";

export interface GroupStanding {
  readonly standing: Standing;
  readonly timeline: Timeline;
  /** Of the witnesses whose creator could be judged, the share that is orphaned. */
  readonly orphanedShare: number;
  /** Set for handlers whose clients have hung up; their standing is `orphaned`. */
  readonly lostClients?: LostClients;
  /** True when they serve, with others, a connection that was taken over from its server. */
  readonly hasConnection?: boolean;
}

/** A creator may have this many live children before they count as left behind. */
const CHILDREN_PER_CREATOR_MAX = 4;

/** So many creators are looked up for a group; a share does not need more. */
const CREATORS_JUDGED_MAX = 1000;

/** How many goroutines one connection may have started lately without any of them being old. */
const IDS_PER_CONNECTION = 8;

/** Fewer members say nothing about when they came. */
const MEMBERS_DATED_MIN = 4;

/** Without any member among this share of all ids ever given out, a group is young. */
const YOUNG_SHARE = 0.4;

/** Without any member among the rest of the ids, nobody has come for long. */
const FULL_SHARE = 0.6;

/** Of the ids of a pool that was started in a loop, at least so many follow the one before. */
const ADJACENT_SHARE_MIN = 0.75;

/** Judges one group. */
export function standingOf(view: GroupView, dump: DumpView): GroupStanding {
  const timeline = timelineOf(view, dump);
  if (servesConnection(view, dump)) {
    const standing = view.serves === undefined ? "attached" : "serving";
    return { standing, timeline, orphanedShare: 0, hasConnection: true };
  }
  if (view.serves !== undefined) {
    const lostClients = findLostClients(view, dump);
    if (lostClients === undefined) return { standing: "serving", timeline, orphanedShare: 0 };
    const orphanedShare = lostClients.lost / view.group.count;
    return { standing: "orphaned", timeline: "unknown", orphanedShare, lostClients };
  }
  if (view.group.createdBy?.function === "time.goFunc") {
    return { standing: "orphaned", timeline, orphanedShare: 1 };
  }
  if (view.isMain || view.group.createdBy === undefined) {
    const isNamed = view.isMain || dump.dump.format === "goroutine-debug2";
    return { standing: isNamed ? "startup" : "unknown", timeline, orphanedShare: 0 };
  }
  const byId = standingById(view, dump);
  const judged = byId ?? standingByFunction(view, dump);
  if (judged.standing === "attached" && isOutgrown(view, dump, timeline)) {
    return { standing: "orphaned", timeline, orphanedShare: 1 };
  }
  return { ...judged, timeline };
}

function standingById(
  view: GroupView,
  dump: DumpView,
): Pick<GroupStanding, "standing" | "orphanedShare"> | undefined {
  const tally: Record<Standing, number> = {
    startup: 0,
    attached: 0,
    serving: 0,
    kept: 0,
    orphaned: 0,
    unknown: 0,
  };
  let judged = 0;
  for (const creatorId of creatorIdsOf(view.group)) {
    if (judged >= CREATORS_JUDGED_MAX) break;
    judged++;
    tally[standingOfCreator(creatorId, view, dump)]++;
  }
  if (judged === 0) return undefined;
  const orphanedShare = tally.orphaned / judged;
  const order: readonly Standing[] = ["orphaned", "attached", "kept", "startup"];
  const standing = order.reduce((best, next) => (tally[next] > tally[best] ? next : best));
  return { standing, orphanedShare };
}

function standingOfCreator(creatorId: number, view: GroupView, dump: DumpView): Standing {
  if (creatorId === 1) return "startup";
  const creator = dump.groupOfCreator(creatorId);
  if (creator === undefined) return dump.isWhole && !isStartedAtOnce(view) ? "orphaned" : "kept";
  if (creator.isIdleConnection) return isStartedAtOnce(view) ? "kept" : "orphaned";
  if (creator.serves !== undefined) return "attached";
  // An accept or consumer loop is inside the function as well, for as long as the process lives.
  if (creatorFunctions(view).some((name) => creator.functions.includes(name))) {
    return view.group.count > CHILDREN_PER_CREATOR_MAX * creator.group.count ? "kept" : "attached";
  }
  return creator.siteIndex < 0 ? "orphaned" : "kept";
}

function standingByFunction(
  view: GroupView,
  dump: DumpView,
): Pick<GroupStanding, "standing" | "orphanedShare"> {
  const functions = creatorFunctions(view);
  if (/^(?:main\.main|.*\.init(?:\.\d+)?)$/.test(functions[0] ?? "")) {
    return { standing: "startup", orphanedShare: 0 };
  }
  const inside = functions.flatMap((name) => dump.groupsInside(name));
  if (inside.some((group) => group.isMain)) return { standing: "startup", orphanedShare: 0 };
  const live = inside.reduce((sum, group) => sum + group.group.count, 0);
  const isLoop = inside.length > 0 && inside.every((group) => group.serves === undefined);
  if (isLoop && view.group.count > CHILDREN_PER_CREATOR_MAX * live) {
    return { standing: "kept", orphanedShare: 0 };
  }
  if (live > 0) return { standing: "attached", orphanedShare: 0 };
  if (isStartedAtOnce(view)) return { standing: "startup", orphanedShare: 0 };
  return { standing: "orphaned", orphanedShare: 1 };
}

/** The functions in which the `go` statement stands: its own, and what the goroutine's body was written in. */
function creatorFunctions(view: GroupView): readonly string[] {
  const createdBy = view.group.createdBy;
  if (createdBy === undefined) return [];
  const name = normaliseFunctionName(createdBy.function);
  // `go` inside a library (errgroup): the closure's own name says where it was written.
  const body = view.functions[view.bodyIndex];
  const writtenIn = body === undefined ? undefined : parentFunction(body);
  return writtenIn === undefined || writtenIn === name ? [name] : [name, writtenIn];
}

/** Many more children than live creators, over the whole life of the process: they were left behind. */
function isOutgrown(view: GroupView, dump: DumpView, timeline: Timeline): boolean {
  if (timeline !== "accumulated") return false;
  const live = creatorFunctions(view).reduce((sum, name) => {
    const inside = dump.groupsInside(name);
    return sum + inside.reduce((count, group) => count + group.group.count, 0);
  }, 0);
  return view.group.count > CHILDREN_PER_CREATOR_MAX * Math.max(live, 1);
}

/**
 * Nearly every id follows the one before, and there is one creator: a pool, started in a loop. (A processor takes ids
 * in batches of 16, so a loop that is moved to another one jumps.)
 */
function isStartedAtOnce({ group }: GroupView): boolean {
  const { ids, creatorCount } = group;
  if (ids.length < 2 || creatorCount > 1) return false;
  let adjacent = 0;
  for (let index = 1; index < ids.length; index++) {
    if ((ids[index] as number) - (ids[index - 1] as number) === 1) adjacent++;
  }
  return adjacent >= (ids.length - 1) * ADJACENT_SHARE_MIN;
}

/**
 * Whether the ids spread over the process's life, or all belong to what is in flight now. A leak leaves members behind
 * from its first hour on and goes on; work in flight is young, so that the older part of the ids has none of it; a
 * pool that is full has no young ones.
 */
function timelineOf(view: GroupView, dump: DumpView): Timeline {
  const { ids } = view.group;
  const oldest = ids[0];
  const youngest = ids.at(-1);
  if (oldest === undefined || youngest === undefined || ids.length < MEMBERS_DATED_MIN) {
    return "unknown";
  }
  if (oldest > dump.newestId * YOUNG_SHARE) return "recent";
  if (youngest < dump.newestId * FULL_SHARE) return "full";
  const window = IDS_PER_CONNECTION * Math.max(dump.connections, 8) + 64;
  if (dump.newestId < window * 2) return "unknown";
  let old = 0;
  for (const id of ids) if (id < dump.newestId - window) old++;
  const share = old / ids.length;
  if (share >= 0.5) return "accumulated";
  return share < 0.05 ? "recent" : "unknown";
}

/**
 * Long polls and websockets: their goroutines stay, more keep coming, and yet
 * nothing leaks, because each belongs to a connection whose client is still there.
 *
 * Since Go 1.21 a dump says which goroutine started which, so this is looked up, not
 * guessed: a handler's client waits while the handler's background read lives, and
 * a helper belongs to a request while the goroutine that started it serves one.
 * Older dumps, and captures of Node, are judged by whether the counts move with the open connections; in those of
 * Node a connection has an id, so that whoever outlives the connections is not taken for theirs.
 */
import type { GoroutineDump, GoroutineGroup } from "@watertight/profile";
import type { MemberTrack, SeriesCapture } from "./collect-series.ts";
import { isBackgroundRead, isIdleHttp, isServing, servesStream } from "./read-load.ts";
import { listConnections, ownsConnection, waitsForPeer } from "./read-load.ts";
import type { Attachment, LoadSeries } from "./series-view.ts";
import { countCommon, uniteIds } from "./sorted-ids.ts";

/** Who serves whom at the last capture of a series. */
export interface Attachments {
  readonly acceptors: ReadonlySet<string>;
  readonly load: LoadSeries;
  /** Goroutines that serve a request or own an accepted connection, ascending. */
  readonly serving: Float64Array;
  /** Goroutines whose HTTP client is still connected and waits, ascending. */
  readonly clientWaits: Float64Array;
  /** How many HTTP clients are connected and wait. */
  readonly clientsWaiting: number;
  /** False when the dump does not say which goroutine started which. */
  readonly namesParents: boolean;
  /** Per capture the open connections by id, ascending; absent where connections have no ids (Go). */
  readonly connections?: readonly Float64Array[];
}

/** Nobody waits for a client in these: an open connection is no excuse. */
const NO_EXCUSE =
  /^(?:chan send|sync\.Mutex\.Lock|sync\.RWMutex|select \(no cases\)|chan (?:send|receive) \(nil chan\))/;
/** One connection may own this many goroutines at one stack. */
const PER_CONNECTION_MAX = 4;
/** Share of the members, or of their parents, that must be attached. */
const ATTACHED_SHARE_MIN = 0.8;

/** Reads who serves whom from the last capture, and from all of them which connections stay. */
export function readAttachments(
  captures: readonly SeriesCapture[],
  load: LoadSeries,
  acceptors: ReadonlySet<string>,
): Attachments {
  const last = captures.at(-1)?.dump;
  const groups: GoroutineDump["groups"] = last?.groups ?? [];
  const parentsOf = (group: GoroutineGroup): Float64Array =>
    group.creatorIds ?? new Float64Array(0);
  return {
    acceptors,
    load,
    serving: uniteIds(groups.filter((g) => isServing(g, acceptors)).map(({ ids }) => ids)),
    clientWaits: uniteIds(groups.filter(isBackgroundRead).map(parentsOf)),
    clientsWaiting: groups.filter(isBackgroundRead).reduce((sum, { count }) => sum + count, 0),
    namesParents: groups.some((group) => parentsOf(group).length > 0),
    ...(last?.runtime === "node"
      ? { connections: captures.map(({ dump }) => listConnections(dump)) }
      : {}),
  };
}

/** What a track's members belong to; undefined when nothing explains why they stay. */
export function findAttachment(track: MemberTrack, by: Attachments): Attachment | undefined {
  if (NO_EXCUSE.test(track.state)) return undefined;
  if (track.state === "semacquire" && !waitsForGroup(track)) return undefined;
  const isWholeLine = track.frames.length === 0;
  if (isWholeLine && track.createdBy && by.acceptors.has(track.createdBy.function))
    return "own-connection";
  if (isBackgroundRead(track)) return "own-connection";
  if (ownsConnection(track, by.acceptors)) return attachOwner(track, by);
  if (servesStream(track)) return "own-connection";
  if (waitsForLock(track)) return undefined;
  if (!by.namesParents) return moves(track, by) ? "moves-along" : undefined;
  const parents = track.creatorIds;
  const areDistinct = track.creatorCount * PER_CONNECTION_MAX >= track.lastCount;
  const attached = countCommon(parents, by.serving);
  if (parents.length === 0 || !(areDistinct || isBounded(track))) return undefined;
  return attached >= parents.length * ATTACHED_SHARE_MIN ? "serving-parent" : undefined;
}

/** A goroutine that serves a connection: is anybody at the other end? */
function attachOwner(track: MemberTrack, by: Attachments): Attachment | undefined {
  if (isIdleHttp(track)) return "own-connection";
  const ids = track.ids.at(-1) ?? new Float64Array(0);
  if (by.clientWaits.length > 0) {
    const waited = countCommon(ids, by.clientWaits);
    if (waited >= ids.length * ATTACHED_SHARE_MIN) return "client-waits";
  }
  // A hijacked connection has no background read: whoever serves it reads from it.
  if (waitsForPeer(track)) return "own-connection";
  if (by.namesParents) return undefined;
  // Without parents it is not said which client waits for which handler, but nearly all of them have one.
  const handlers = by.load.handlers.at(-1) ?? 0;
  if (handlers > 0 && by.clientsWaiting >= handlers * ATTACHED_SHARE_MIN) return "client-waits";
  return moves(track, by) ? "moves-along" : undefined;
}

/** A queue in which nobody ever gets his turn is no load, as many clients as may wait for it. */
function waitsForLock({ lockWaiters, lastCount }: MemberTrack): boolean {
  return lockWaiters > 0 && lockWaiters * 2 >= lastCount;
}

function moves(track: MemberTrack, by: Attachments): boolean {
  if (!movesWithConnections(track, by.load)) return false;
  return by.connections === undefined || staysWithConnections(track, by.connections);
}

/** More parents than are counted: then their number says nothing about how many are distinct. */
function isBounded(track: MemberTrack): boolean {
  return track.creatorCount >= CREATORS_COUNTED_MIN;
}
const CREATORS_COUNTED_MIN = 1000;

/** How far counts may stray from the connections, as a share of the growth, and in goroutines. */
const STRAY_SHARE_MAX = 0.3;
const STRAY_MIN = 4;

/** Whether a count rises with the open connections, by a few for each of them at most. */
export function movesWithConnections(track: MemberTrack, load: LoadSeries): boolean {
  const open = load.openConnections;
  const grown = (track.counts.at(-1) as number) - (track.counts[0] as number);
  const opened = (open.at(-1) ?? 0) - (open[0] ?? 0);
  if (opened < STRAY_MIN) return false;
  const each = grown / opened;
  if (each < 0.3 || each > PER_CONNECTION_MAX + 0.5) return false;
  const strayMax = Math.max(STRAY_MIN, grown * STRAY_SHARE_MAX);
  const perConnection = Math.max(1, Math.round(each)) * (1 + STRAY_SHARE_MAX);
  return open.every((connections, j) => {
    const count = track.counts[j] as number;
    const expected = (track.counts[0] as number) + each * (connections - (open[0] as number));
    return (
      Math.abs(count - expected) <= strayMax && count <= perConnection * connections + STRAY_MIN
    );
  });
}

/** What stays from one capture to the next belongs to connections that stay as well: clients that left wait for nobody. */
function staysWithConnections(
  { ids, counts }: MemberTrack,
  connections: readonly Float64Array[],
): boolean {
  const each = perConnection(counts, connections);
  return ids.slice(1).every((members, j) => {
    const stayed = countCommon(ids[j] as Float64Array, members);
    const open = countCommon(
      connections[j] ?? new Float64Array(0),
      connections[j + 1] ?? new Float64Array(0),
    );
    return stayed <= each * open + STRAY_MIN;
  });
}

function perConnection(counts: Float64Array, connections: readonly Float64Array[]): number {
  const opened = (connections.at(-1)?.length ?? 0) - (connections[0]?.length ?? 0);
  const grown = (counts.at(-1) as number) - (counts[0] as number);
  return Math.max(1, Math.round(grown / Math.max(1, opened))) * (1 + STRAY_SHARE_MAX);
}

function waitsForGroup(track: MemberTrack): boolean {
  return track.frames.some((frame) => frame.function === "sync.(*WaitGroup).Wait");
}

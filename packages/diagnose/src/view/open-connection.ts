/**
 * Goroutines that serve a connection which was taken over from its server: a websocket's reader and writer, the two
 * halves of a tunnel. Their handler has returned, so nobody is left who started them, and yet they are in order for
 * as long as the client is there.
 *
 * They are known by their kin: somebody reads from the network who was started by the same goroutine, or by one
 * of the group itself; and each has a connection's goroutine of its own as creator. Before Go 1.21 the function that started
 * them and their number have to do.
 */
import { normaliseFunctionName } from "../stack/function-name.ts";
import { creatorIdsOf, type DumpView } from "./dump-view.ts";
import type { GroupView } from "./group-view.ts";

const NETWORK_READ = /^(?:net\.\(\*conn\)\.Read|net\.\(\*TCPConn\)\.(?:ReadFrom|WriteTo))$/;

/** Reads of libraries and servers, which stand for their own connections. */
const OTHER_READERS: ReadonlySet<string> = new Set([
  "net/http.(*connReader).backgroundRead",
  "net/http.(*persistConn).readLoop",
]);

const KIN_SHARE_MIN = 0.8;

/** A tunnel has two readers; a session may have a few more. */
const PER_CONNECTION_MAX = 4;

/** Counts of kin may differ by this share where only counts are known: some are just coming or going. */
const COUNT_STRAY_MAX = 0.15;

/** True when most of the group serve a connection together with their kin. */
export function servesConnection(view: GroupView, dump: DumpView): boolean {
  if (view.group.createdBy === undefined) return false;
  const isReader = readsNetwork(view);
  const all = kinOf(view, dump);
  const kin = all.filter((other) => (isReader ? isPartner(other) : readsNetwork(other)));
  return [...Map.groupBy(kin, bodyOf).keys()].some((body) =>
    isKin(view, gather(all.filter((other) => bodyOf(other) === body))),
  );
}

/** Goroutines of one body, whatever they do at this moment: of a crowd of writers some are always writing. */
interface Kin {
  readonly count: number;
  /** Collected when it is asked for: a leak has a million. */
  readonly listIds: () => ReadonlySet<number>;
  readonly creatorIds: ReadonlySet<number>;
}

function gather(groups: readonly GroupView[]): Kin {
  return {
    count: groups.reduce((sum, { group }) => sum + group.count, 0),
    listIds: () => unite(groups.map(({ group }) => group.ids)),
    creatorIds: unite(groups.map(({ group }) => creatorIdsOf(group))),
  };
}

function unite(lists: readonly Iterable<number>[]): ReadonlySet<number> {
  const all = new Set<number>();
  for (const ids of lists) for (const id of ids) all.add(id);
  return all;
}

function bodyOf({ functions, bodyIndex }: GroupView): string {
  return functions.at(bodyIndex) ?? "";
}

function readsNetwork({ wait, functions }: GroupView): boolean {
  const reads = wait === "IO wait" && functions.some((name) => NETWORK_READ.test(name));
  return reads && !functions.some((name) => OTHER_READERS.has(name));
}

/** What waits beside a reader: a writer for what it should write, or the reader of the other direction. */
function isPartner(view: GroupView): boolean {
  return view.wait === "select" || view.wait === "chan receive" || readsNetwork(view);
}

/** Groups that were started by the same function, or by a function of this group, or that started this one. */
function kinOf(view: GroupView, dump: DumpView): readonly GroupView[] {
  const creator = creatorOf(view);
  return dump.groups.filter((other) => {
    if (other === view || other.isSystem) return false;
    const name = creatorOf(other);
    if (name === undefined) return false;
    return name === creator || view.functions.includes(name) || isOf(other, creator);
  });
}

function isOf(view: GroupView, creator: string | undefined): boolean {
  return creator !== undefined && view.functions.includes(creator);
}

function creatorOf({ group }: GroupView): string | undefined {
  return group.createdBy === undefined
    ? undefined
    : normaliseFunctionName(group.createdBy.function);
}

function isKin(view: GroupView, other: Kin): boolean {
  const own = new Set(creatorIdsOf(view.group));
  const theirs = other.creatorIds;
  if (own.size === 0 || theirs.size === 0) {
    const ratio = other.count / view.group.count;
    const perConnection = Math.min(PER_CONNECTION_MAX, Math.max(1, Math.round(ratio)));
    return Math.abs(ratio - perConnection) <= perConnection * COUNT_STRAY_MAX;
  }
  // One connection, one creator: a handler that leaks a pair per request has many for one.
  const isOneEach = own.size >= Math.min(view.group.count, CREATORS_NAMED) * KIN_SHARE_MIN;
  return (
    (isOneEach && share(own, theirs) >= KIN_SHARE_MIN) ||
    share(view.group.ids, theirs) >= KIN_SHARE_MIN ||
    share(own, other.listIds()) >= KIN_SHARE_MIN
  );
}

/** As many creators as the decoder names for a group. */
const CREATORS_NAMED = 256;

/** Share of the first ids that are among the others; where these were named to the bound, of as many as can be there. */
function share(ids: Iterable<number>, others: ReadonlySet<number>): number {
  let all = 0;
  let common = 0;
  for (const id of ids) {
    all++;
    if (others.has(id)) common++;
  }
  const expected = others.size >= CREATORS_NAMED ? Math.min(all, others.size) : all;
  return expected === 0 ? 0 : common / expected;
}

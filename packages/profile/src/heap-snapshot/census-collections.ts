/** Maps, sets and arrays that the program holds under a name, and buffers by who holds them. */
import type { CensusEntry } from "./census-entry.ts";
import { CensusGroups } from "./census-groups.ts";
import { countMembers } from "./count-members.ts";
import { typeIndex } from "./heap-graph.ts";
import type { HeapReader } from "./heap-reader.ts";
import type { Holder, HolderNames } from "./holder-names.ts";

/** Smaller collections are not followed. */
const ENTRIES_MIN = 10;
/** Members whose ids are kept, over all collections, largest left out first. */
const IDS_MAX = 2_000_000;
const COLLECTIONS_MAX = 500;

/** Entries of kind `collection`; a set or array of functions is a hand-made list of listeners. */
export function countCollections(reader: HeapReader, holders: HolderNames): readonly CensusEntry[] {
  const { graph } = reader;
  const kinds = new Set(["Map", "Set", "Array"].map((name) => reader.id(name)));
  const entries: CensusEntry[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    if (!kinds.has(graph.nodeName[node] as number) || !reader.isObject(node)) continue;
    if (!holders.isLive(node)) continue;
    const members = reader.members(node);
    if (members.length < ENTRIES_MIN) continue;
    const closures = members.filter((each) => reader.isClosure(each));
    const holder = holders.directlyOf(node) ?? nameListeners(reader, holders, node, closures);
    if (holder === undefined) continue;
    const objects = members.filter((each) => isHolding(reader, each));
    entries.push({
      ...describe(reader, holder, { members, objects, closures }),
      ofId: reader.heapId(node),
    });
  }
  let kept = 0;
  return entries
    .toSorted((a, b) => a.count - b.count)
    .filter(({ count }) => (kept += count) <= IDS_MAX)
    .slice(-COLLECTIONS_MAX);
}

/** Functions of the program in a list of Node's own, e.g. subscribers of a `diagnostics_channel`. */
function nameListeners(
  reader: HeapReader,
  holders: HolderNames,
  node: number,
  closures: readonly number[],
): Holder | undefined {
  if (closures.length < ENTRIES_MIN || reader.ownPlace(closures.slice(-4)) === undefined)
    return undefined;
  const name = holders.edgeNameOf(node);
  return name === undefined ? undefined : { name };
}

interface Contents {
  readonly members: readonly number[];
  readonly objects: readonly number[];
  readonly closures: readonly number[];
}

function describe(
  reader: HeapReader,
  holder: Holder,
  { members, objects, closures }: Contents,
): CensusEntry {
  // Resolvers of promises are functions too, but V8's own: whoever waits for them is a task.
  const isListeners =
    closures.length * 2 > members.length && reader.ownPlace(closures.slice(-4)) !== undefined;
  const counted = isListeners ? closures : objects.length * 3 > members.length ? objects : members;
  const place = (isListeners ? reader.ownPlace(closures.slice(-4)) : undefined) ?? holder.place;
  return {
    kind: isListeners ? "listeners" : "collection",
    name: holder.name,
    ...countMembers(reader, counted),
    ...(place === undefined ? {} : { place }),
  };
}

/** True for what holds something itself. The keys of a map are strings as a rule: its entries are counted once. */
function isHolding(reader: HeapReader, node: number): boolean {
  if (reader.isObject(node) || reader.isClosure(node)) return true;
  return reader.graph.nodeType[node] === typeIndex(reader.graph.nodeTypes, "array");
}

/** Smaller buffers are not counted. */
const BUFFER_BYTES_MIN = 1024;

/**
 * Entries of kind `external`: one for each name that buffers are held under. Their members are the `ArrayBuffer`s:
 * V8 gives memory outside of its heap an id when a snapshot is taken, and in a copy of a process that is lost with it.
 */
export function countExternal(reader: HeapReader, holders: HolderNames): readonly CensusEntry[] {
  const { edgeStart, edgeTo, nodeName, nodeSelfBytes, nodeCount } = reader.graph;
  const data = reader.id("system / JSArrayBufferData");
  const groups = new CensusGroups();
  const seen = new Set<number>();
  for (let node = 0; node < nodeCount; node++) {
    if (!reader.isObject(node) || !holders.isLive(node)) continue;
    const end = edgeStart[node + 1] as number;
    for (let edge = edgeStart[node] as number; edge < end; edge++) {
      const to = edgeTo[edge] as number;
      if (nodeName[to] !== data || seen.has(to)) continue;
      seen.add(to);
      const bytes = nodeSelfBytes[to] as number;
      if (bytes < BUFFER_BYTES_MIN) continue;
      const holder = holders.of(node);
      groups.add(holder?.name ?? "buffers", node, holder?.place, bytes);
    }
  }
  return groups.entries(reader, "external");
}

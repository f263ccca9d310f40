/** What the operating system holds for a process, as far as objects of the heap stand for it. */
import type { Frame } from "../goroutine-dump.ts";
import type { CensusEntry } from "./census-entry.ts";
import { listListeners } from "./census-listeners.ts";
import { countMembers } from "./count-members.ts";
import type { HeapReader } from "./heap-reader.ts";
import type { HolderNames } from "./holder-names.ts";
import { typeIndex } from "./heap-graph.ts";

/** Native objects that stand for a handle, and what people call them. */
const HANDLES: ReadonlyMap<string, string> = new Map([
  ["Node / TCPSocketWrap", "Socket"],
  ["Node / TLSWrap", "TLSSocket"],
  ["Node / PipeWrap", "pipe"],
  ["Node / TCPServerWrap", "Server"],
  ["Node / PipeServerWrap", "Server"],
  ["Node / UDPWrap", "UDP socket"],
  ["Node / FileHandle", "FileHandle"],
  ["Node / FSEventWrap", "FSWatcher"],
  ["Node / StatWatcher", "StatWatcher"],
  ["Node / ProcessWrap", "ChildProcess"],
  ["Node / Worker", "Worker"],
  ["Node / MessagePort", "MessagePort"],
  ["Node / Http2Session", "Http2Session"],
]);

interface Handle {
  readonly label: string;
  /** The object that the program works with. */
  readonly owner: number;
}

/** Entries of kind `handle`, and those of kind `request` that the sockets tell of. */
export function countHandles(reader: HeapReader, holders: HolderNames): readonly CensusEntry[] {
  const pooled = findPooled(reader);
  const groups = new Map<string, { label: string; place: Frame | undefined; nodes: number[] }>();
  const requests: number[] = [];
  const unplaced: [label: string, node: number][] = [];
  const add = (label: string, node: number, place: Frame | undefined): void => {
    if (place === undefined) unplaced.push([label, node]);
    else addTo(label, node, place);
  };
  const addTo = (label: string, node: number, place: Frame | undefined): void => {
    const key = [label, place?.function, place?.file, place?.line].join("\n");
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { label, place, nodes: [node] });
    else known.nodes.push(node);
  };
  const server = reader.id("server");
  const message = reader.id("_httpMessage");
  for (const { label, owner } of listHandles(reader)) {
    if (reader.isSet(owner, server)) {
      // Somebody else's connection to this process: how many there are is not up to it.
      if (reader.isSet(owner, message)) requests.push(owner);
      continue;
    }
    if (pooled.has(owner)) continue;
    add(label, owner, placeHandle(reader, holders, owner));
  }
  for (const agent of new Set(pooled.values())) {
    if (holders.isLive(agent)) add("Agent", agent, holders.of(agent)?.place);
  }
  for (const stream of listFileStreams(reader)) {
    add(reader.nameOf(stream), stream, placeHandle(reader, holders, stream));
  }
  const held = holders.ofAny(new Set(unplaced.map(([, node]) => node)));
  for (const [label, node] of unplaced) addTo(label, node, held.get(node)?.place);
  const entries: CensusEntry[] = [...groups.values()].map(({ label, place, nodes }) => ({
    kind: "handle",
    name: label,
    ...countMembers(reader, nodes),
    ...(place === undefined ? {} : { place }),
  }));
  if (requests.length > 0) {
    entries.push({ kind: "request", name: "request", ...countMembers(reader, requests) });
  }
  return entries;
}

/** Every native handle with the object that the program works with. */
function listHandles(reader: HeapReader): readonly Handle[] {
  const { graph } = reader;
  const labels = new Map(
    [...HANDLES]
      .map(([name, label]) => [reader.id(name), label] as const)
      .filter(([id]) => id >= 0),
  );
  const toNative = reader.id("javascript_to_native");
  const wrappers = new Map<number, string>();
  const owners = new Map<number, number>();
  const owning = new Set(
    ["<symbol kHandle>", "_handle", "<symbol handle>"].map((name) => reader.id(name)),
  );
  const property = typeIndex(graph.edgeTypes, "property");
  for (const isSecondPass of [false, true]) {
    for (let node = 0; node < graph.nodeCount; node++) {
      if (!reader.isObject(node)) continue;
      const end = graph.edgeStart[node + 1] as number;
      for (let edge = graph.edgeStart[node] as number; edge < end; edge++) {
        const name = graph.edgeName[edge] as number;
        const to = graph.edgeTo[edge] as number;
        if (isSecondPass) {
          if (graph.edgeType[edge] === property && owning.has(name) && wrappers.has(to)) {
            owners.set(to, node);
          }
        } else if (name === toNative) {
          const label = labels.get(graph.nodeName[to] as number);
          if (label !== undefined) wrappers.set(node, label);
        }
      }
    }
  }
  return [...wrappers].map(([wrapper, label]) => ({
    label,
    owner: owners.get(wrapper) ?? wrapper,
  }));
}

/** Sockets that a keep-alive pool owns, each with its pool: an http Agent, or one of undici's clients. */
function findPooled(reader: HeapReader): ReadonlyMap<number, number> {
  const { graph } = reader;
  const pooled = new Map<number, number>();
  const free = reader.id("freeSockets");
  const busy = reader.id("sockets");
  const client = reader.id("<symbol client>");
  const parser = reader.id("<symbol parser>");
  for (let node = 0; node < graph.nodeCount; node++) {
    if (!reader.isObject(node)) continue;
    if (free >= 0 && busy >= 0) {
      for (const name of [free, busy]) {
        const byHost = reader.property(node, name);
        if (
          byHost === undefined ||
          reader.property(node, name === free ? busy : free) === undefined
        )
          continue;
        for (const [, list] of reader.properties(byHost)) {
          for (const socket of reader.members(list)) pooled.set(socket, node);
        }
      }
    }
    const owner = client < 0 ? undefined : reader.property(node, client);
    const parsed = parser < 0 ? undefined : reader.property(node, parser);
    if (owner !== undefined && parsed !== undefined) pooled.set(node, owner);
  }
  return pooled;
}

/** Streams of `node:fs` whose file is open: once it is closed, `fd` is null. */
function listFileStreams(reader: HeapReader): readonly number[] {
  const { graph } = reader;
  const names = new Set([reader.id("ReadStream"), reader.id("WriteStream")]);
  const [fs, fd] = [reader.id("<symbol kFs>"), reader.id("fd")];
  const found: number[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    if (!names.has(graph.nodeName[node] as number) || !reader.isObject(node)) continue;
    if (reader.property(node, fs) === undefined) continue;
    const descriptor = reader.property(node, fd);
    if (descriptor === undefined || reader.nameOf(descriptor) !== "null") found.push(node);
  }
  return found;
}

/** What listens to a handle says what it is for; else who holds it. */
function placeHandle(reader: HeapReader, holders: HolderNames, owner: number): Frame | undefined {
  const closures = [...listListeners(reader, owner).values()].flat();
  const request = reader.property(owner, reader.id("_httpMessage"));
  const ofRequest =
    request === undefined ? [] : [...listListeners(reader, request).values()].flat();
  return reader.ownPlace([...closures, ...ofRequest]) ?? holders.of(owner)?.place;
}

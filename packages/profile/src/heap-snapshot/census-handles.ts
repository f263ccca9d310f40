/** What the operating system holds for a process, as far as objects of the heap stand for it. */
import type { Frame } from "../goroutine-dump.ts";
import type { CensusEntry } from "./census-entry.ts";
import { CensusGroups } from "./census-groups.ts";
import { listListeners } from "./census-listeners.ts";
import type { HeapReader } from "./heap-reader.ts";
import type { HolderNames } from "./holder-names.ts";
import { internalTarget } from "./promise-nodes.ts";

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

/** Entries of kind `handle`, and those of kind `request`: the sockets that others opened and keep open. */
export function countHandles(reader: HeapReader, holders: HolderNames): readonly CensusEntry[] {
  const pooled = findPooled(reader);
  const handles = new CensusGroups();
  const requests = new CensusGroups();
  const unplaced = new Map<number, string>();
  const add = (label: string, node: number, place: Frame | undefined): void => {
    if (place === undefined) unplaced.set(node, label);
    else handles.add(label, node, place);
  };
  const server = reader.id("server");
  const all = listHandles(reader);
  const beneathTls = findBeneathTls(reader, all);
  for (const { label, owner } of all) {
    if (reader.isSet(owner, server)) {
      // Somebody else's connection to this process: how many there are is not up to it.
      const use = beneathTls.has(owner) ? undefined : nameUse(reader, owner);
      if (use !== undefined) requests.add(use, owner, undefined);
    } else if (!pooled.has(owner)) add(label, owner, placeHandle(reader, holders, owner));
  }
  for (const agent of new Set(pooled.values())) {
    if (agent !== undefined && holders.isLive(agent)) add("Agent", agent, holders.of(agent)?.place);
  }
  // An Agent or a Pool of undici; who holds it first is mostly its own library.
  for (const pool of reader.having("<symbol clients>")) {
    if (holders.isLive(pool)) handles.add(reader.nameOf(pool), pool, undefined);
  }
  for (const stream of listFileStreams(reader)) {
    add(reader.nameOf(stream), stream, placeHandle(reader, holders, stream));
  }
  const held = holders.ofAny(new Set(unplaced.keys()));
  for (const [node, label] of unplaced) handles.add(label, node, held.get(node)?.place);
  return [...handles.entries(reader, "handle"), ...requests.entries(reader, "request")];
}

/**
 * What an accepted socket is open for: an answer that is owed, or, where no parser of HTTP reads from it (any more), as
 * long as its peer wants. Undefined for one that waits for the next request.
 */
function nameUse(reader: HeapReader, socket: number): "request" | "connection" | undefined {
  if (reader.isSet(socket, reader.id("_httpMessage"))) return "request";
  return reader.isSet(socket, reader.id("parser")) ? undefined : "connection";
}

/** Sockets that carry a TLS connection, which has a socket of its own. */
function findBeneathTls(reader: HeapReader, handles: readonly Handle[]): ReadonlySet<number> {
  const parent = reader.id("_parent");
  return new Set(handles.flatMap(({ owner }) => reader.property(owner, parent) ?? []));
}

/** Every native handle with the object that the program works with. */
function listHandles(reader: HeapReader): readonly Handle[] {
  const wrappers = findWrappers(reader);
  const owners = findOwners(reader, wrappers);
  return [...wrappers].map(([wrapper, label]) => ({
    label,
    owner: owners.get(wrapper) ?? wrapper,
  }));
}

/** Objects that stand for a native one, each with what people call it. */
function findWrappers(reader: HeapReader): ReadonlyMap<number, string> {
  const { graph } = reader;
  const labels = new Map([...HANDLES].map(([name, label]) => [reader.id(name), label]));
  const toNative = reader.id("javascript_to_native");
  const wrappers = new Map<number, string>();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (!reader.isObject(node)) continue;
    const native = internalTarget(graph, node, toNative);
    const label = native === undefined ? undefined : labels.get(graph.nodeName[native] as number);
    if (label !== undefined) wrappers.set(node, label);
  }
  return wrappers;
}

/** Properties under which Node's classes keep the object that stands for their handle. */
const OWNING: readonly string[] = ["<symbol kHandle>", "_handle", "<symbol handle>"];

function findOwners(
  reader: HeapReader,
  wrappers: ReadonlyMap<number, string>,
): ReadonlyMap<number, number> {
  const owners = new Map<number, number>();
  for (const name of OWNING) {
    const id = reader.id(name);
    for (const node of reader.having(name)) {
      const wrapper = reader.property(node, id);
      if (wrapper !== undefined && wrappers.has(wrapper)) owners.set(wrapper, node);
    }
  }
  return owners;
}

/**
 * Sockets that a keep-alive pool owns, each with its http Agent. Those of undici have none that is known: it makes
 * clients as its pools need them, up to their limit.
 */
function findPooled(reader: HeapReader): ReadonlyMap<number, number | undefined> {
  const pooled = new Map<number, number | undefined>();
  const lists = [reader.id("freeSockets"), reader.id("sockets")];
  for (const agent of reader.having("freeSockets")) {
    for (const socket of listAgentSockets(reader, agent, lists)) pooled.set(socket, agent);
  }
  const parser = reader.id("<symbol parser>");
  for (const socket of reader.having("<symbol client>")) {
    if (reader.property(socket, parser) !== undefined) pooled.set(socket, undefined);
  }
  return pooled;
}

/** Sockets of an http Agent, which keeps lists of them by host under two names. */
function listAgentSockets(
  reader: HeapReader,
  agent: number,
  names: readonly number[],
): readonly number[] {
  const hosts = names.flatMap((name) => reader.property(agent, name) ?? []);
  if (hosts.length < names.length) return [];
  return hosts.flatMap((host) =>
    [...reader.properties(host)].flatMap(([, list]) => reader.members(list)),
  );
}

/** Streams of `node:fs` whose file is open: once it is closed, `fd` is null. */
function listFileStreams(reader: HeapReader): readonly number[] {
  const fd = reader.id("fd");
  return reader.having("<symbol kFs>").filter((node) => {
    const descriptor = reader.property(node, fd);
    const isOpen = descriptor === undefined || reader.nameOf(descriptor) !== "null";
    return isOpen && /^(?:Read|Write)Stream$/.test(reader.nameOf(node));
  });
}

/** What listens to a handle says what it is for; else who holds it. */
function placeHandle(reader: HeapReader, holders: HolderNames, owner: number): Frame | undefined {
  const closures = [...listListeners(reader, owner).values()].flat();
  const request = reader.property(owner, reader.id("_httpMessage"));
  const ofRequest =
    request === undefined ? [] : [...listListeners(reader, request).values()].flat();
  return reader.ownPlace([...closures, ...ofRequest]) ?? holders.of(owner)?.place;
}

/**
 * How busy a process was, read from its own goroutines. Nothing has to be
 * installed in the service: who accepts connections, who serves them and whose
 * client still waits is all in the dump.
 */
import type { CensusEntry, GoroutineDump, GoroutineGroup } from "@watertight/profile";
import type { ComparableSeries } from "./collect-series.ts";
import type { LoadSeries } from "./series-view.ts";
import { uniteIds } from "./sorted-ids.ts";

/** A goroutine with one of these in its stack is parked in Accept; what calls it is an acceptor. */
const ACCEPT = /^net\.\(\*(?:TCPListener|UnixListener|netFD)\)\.[aA]ccept/;
const SERVE_CONNECTION = "net/http.(*conn).serve";
const SERVE_HANDLER = "net/http.serverHandler.ServeHTTP";
const BACKGROUND_READ = "net/http.(*connReader).backgroundRead";
/** A stream that is open as long as its peer wants. */
const SERVE_STREAM = /^google\.golang\.org\/grpc\.\(\*Server\)\.processStreamingRPC$/;
const SERVE_UNARY =
  /^(?:google\.golang\.org\/grpc\.\(\*Server\)\.processUnaryRPC|net\/http\.\(\*http2serverConn\)\.runHandler|net\/http\/internal\/http2\.\(\*serverConn\)\.runHandler)$/;

/** Goroutines of one dump that tell about its load. */
interface DumpLoad {
  readonly openConnections: number;
  readonly handlers: number;
}

/** Functions that start a goroutine per accepted connection: one of their calls is parked in Accept. */
export function findAcceptors(dump: GoroutineDump): ReadonlySet<string> {
  const acceptors = new Set<string>();
  for (const group of dump.groups) {
    const at = group.frames.findIndex((frame) => ACCEPT.test(frame.function));
    if (at < 0) continue;
    for (const frame of group.frames.slice(at + 1)) acceptors.add(frame.function);
  }
  return acceptors;
}

/** Whether a group's goroutines each own one connection that the process accepted. */
export function ownsConnection(
  group: Pick<GoroutineGroup, "frames" | "createdBy">,
  acceptors: ReadonlySet<string>,
): boolean {
  if (group.createdBy !== undefined && acceptors.has(group.createdBy.function)) return true;
  return group.frames.some((frame) => frame.function === SERVE_CONNECTION);
}

/** Whether the goroutine waits for bytes from its peer. */
export function waitsForPeer(group: Pick<GoroutineGroup, "state" | "frames">): boolean {
  if (group.state !== "" && group.state !== "IO wait") return false;
  return group.frames.some((frame) => frame.function === "internal/poll.runtime_pollWait");
}

/** Whether the goroutine serves a request, or owns an accepted connection that is not idle. */
export function isServing(
  group: Pick<GoroutineGroup, "frames" | "createdBy">,
  acceptors: ReadonlySet<string>,
): boolean {
  return isHandler(group) || (ownsConnection(group, acceptors) && !isIdleHttp(group));
}

/** Whether it waits for the next request of a kept-alive HTTP connection. */
export function isIdleHttp({ frames }: Stacked): boolean {
  return has(frames, SERVE_CONNECTION) && !has(frames, SERVE_HANDLER);
}

/** Whether it watches, for a handler at work, that the client is still there. */
export function isBackgroundRead({ frames }: Stacked): boolean {
  return has(frames, BACKGROUND_READ);
}

/** Whether it serves a stream that is open as long as its peer wants. */
export function servesStream({ frames }: Stacked): boolean {
  return frames.some((frame) => SERVE_STREAM.test(frame.function));
}

type Stacked = Pick<GoroutineGroup, "frames">;

function isHandler(group: Stacked): boolean {
  if (has(group.frames, SERVE_HANDLER) || servesStream(group)) return true;
  return group.frames.some((frame) => SERVE_UNARY.test(frame.function));
}

function has(frames: Stacked["frames"], name: string): boolean {
  return frames.some((frame) => frame.function === name);
}

function readDumpLoad(dump: GoroutineDump, scale: number): DumpLoad {
  if (dump.runtime === "node") return readNodeLoad(dump);
  const acceptors = findAcceptors(dump);
  let handlers = 0;
  let clientsWaiting = 0;
  let readers = 0;
  let streams = 0;
  for (const group of dump.groups) {
    if (isHandler(group)) handlers += group.count;
    if (isBackgroundRead(group)) clientsWaiting += group.count;
    else if (servesStream(group)) streams += group.count;
    else if (isServing(group, acceptors) && waitsForPeer(group)) readers += group.count;
  }
  // A handler that reads from elsewhere has its background read beside it: count the client once.
  const unwatched = Math.max(0, handlers - streams - clientsWaiting);
  const hijacked = handlers > 0 ? Math.min(readers, unwatched) : readers;
  const openConnections = clientsWaiting + hijacked + streams;
  return { openConnections: openConnections * scale, handlers: handlers * scale };
}

/** Answers that a server of the process still owes to somebody who is connected, and connections without answers. */
function readNodeLoad(dump: GoroutineDump): DumpLoad {
  const handlers = listAccepted(dump).filter(({ name }) => name === "request");
  return {
    openConnections: listConnections(dump).length,
    handlers: handlers.reduce((sum, { count }) => sum + count, 0),
  };
}

/** Heap ids of the connections of a process of Node that somebody else keeps open, ascending. */
export function listConnections(dump: GoroutineDump): Float64Array {
  return uniteIds(listAccepted(dump).map(({ ids }) => ids));
}

function listAccepted({ census }: GoroutineDump): readonly CensusEntry[] {
  return census?.entries.filter(({ kind }) => kind === "request") ?? [];
}

/** Reads the load of every capture of a series. */
export function readLoad(series: ComparableSeries): LoadSeries {
  const loads = series.captures.map(({ dump, scale }) => readDumpLoad(dump, scale));
  const first = series.captures[0];
  const last = series.captures.at(-1);
  const goroutinesCreated = series.hasIds
    ? (last?.ids.at(-1) ?? Number.NaN) - (first?.ids.at(-1) ?? Number.NaN)
    : Number.NaN;
  const shared = {
    openConnections: loads.map((load) => load.openConnections),
    handlers: loads.map((load) => load.handlers),
    goroutinesCreated,
  };
  if (first?.requestsServed !== undefined && last?.requestsServed !== undefined) {
    const requests = last.requestsServed - first.requestsServed;
    return { source: "requests", requests, ...shared };
  }
  if (loads.some((load) => load.handlers + load.openConnections > 0))
    return { source: "server-goroutines", ...shared };
  return { source: series.hasIds ? "goroutines-created" : "none", ...shared };
}

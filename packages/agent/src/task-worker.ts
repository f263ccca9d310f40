/**
 * Reads task profiles of the main thread in a thread beside it, so that decoding and walking
 * the heap graph cost the service nothing but the snapshot itself. Its inspector session is for
 * the exact lines, which V8 tells of living objects only.
 */
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import {
  countOpenFiles,
  encodeCensus,
  type InspectorSession,
  type ObservedProcess,
  PlaceMemory,
  readTasks,
  type TaskBudget,
} from "@watertight/capture";
import {
  encodeGoroutineText,
  encodePprof,
  type GoroutineDump,
  type HeapGraph,
  HeapSnapshotDecoder,
  profileFromGoroutines,
} from "@watertight/profile";
import { CopiedProcess } from "./copy/copied-process.ts";
import type { ProcessCopy } from "./copy/process-copier.ts";
import type { AgentErrorCode } from "./errors.ts";
import { openInProcessSession } from "./in-process-session.ts";
import { ownSession } from "./own-session.ts";
import { tellAborted } from "./requests/tell-aborted.ts";

/** What a profile is asked for with. */
export interface TaskRequest {
  readonly debug: 0 | 1 | 2;
  /** `stuck`: only what is proven never to wake. */
  readonly tasks: "all" | "stuck";
  readonly budget: TaskBudget;
}

/**
 * A snapshot comes as `open`, its pieces, and `read` with what the notes of its census are to
 * say; or from a `copy` of the process. `ready` asks for nothing but whether the worker has started.
 */
export type WorkerCommand =
  | { readonly kind: "ready" | "open" }
  | { readonly kind: "piece"; readonly piece: Uint8Array<ArrayBuffer> }
  | { readonly kind: "read"; readonly request: TaskRequest; readonly notes: readonly string[] }
  | { readonly kind: "copy"; readonly copy: ProcessCopy; readonly request: TaskRequest }
  | { readonly kind: "disconnect" };

/** The profile as it was asked for, and the census of the same heap as JSON. */
export interface TaskResult {
  readonly bytes: Uint8Array;
  /** Suspended tasks. */
  readonly count: number;
  readonly census: Uint8Array;
}

/** Answers to `ready`, `open`, `read` and `copy`, and why there is none; `lost`: the copy is. */
export type TaskAnswer =
  | { readonly kind: "ready" }
  | ({ readonly kind: "profile" } & TaskResult)
  | { readonly kind: "lost"; readonly problem: string }
  | { readonly kind: "problem"; readonly problem: string; readonly code: AgentErrorCode }
  | { readonly kind: "disconnected" };

const ownFolders = [new URL(".", import.meta.url)].map((url) => fileURLToPath(url));
/** Set once the session is closed, for a main thread that has no event loop any more. */
const disconnected = workerData as Int32Array;
const memory = new PlaceMemory();
let session: InspectorSession | undefined;
let decoder = new HeapSnapshotDecoder();
/** What was wrong with a piece: it is told when the profile is asked for. */
let fault: unknown;

async function obey(command: WorkerCommand): Promise<TaskAnswer | undefined> {
  switch (command.kind) {
    case "ready":
      return { kind: "ready" };
    case "copy":
      return await readCopy(command.copy, command.request);
    case "open":
      session ??= openInProcessSession("main");
      decoder = new HeapSnapshotDecoder();
      fault = undefined;
      return { kind: "ready" };
    case "piece":
      decode(command.piece);
      return undefined;
    case "read":
      return { kind: "profile", ...(await readPieces(command.request, command.notes)) };
    case "disconnect":
      await disconnect();
      return { kind: "disconnected" };
  }
}

function decode(piece: Uint8Array): void {
  if (fault !== undefined) return;
  try {
    decoder.push(piece);
  } catch (error) {
    fault = error;
  }
}

async function readPieces(request: TaskRequest, notes: readonly string[]): Promise<TaskResult> {
  if (fault !== undefined) throw fault;
  const graph = decoder.finish();
  // A snapshot is as large as the heap: nothing holds it while the next one comes.
  decoder = new HeapSnapshotDecoder();
  const source = { session: session as InspectorSession, process: "running", notes } as const;
  return await readProfile(graph, request, source);
}

/** A copy that came to nothing is no problem of the profile's: there can be another one. */
async function readCopy(copy: ProcessCopy, request: TaskRequest): Promise<TaskAnswer> {
  const copied = new CopiedProcess(copy);
  try {
    const text = new HeapSnapshotDecoder();
    await copied.readSnapshot((piece) => text.push(piece));
    const source = { session: copied, process: "copy", notes: [] } as const;
    return { kind: "profile", ...(await readProfile(text.finish(), request, source)) };
  } catch (error) {
    return { kind: "lost", problem: error instanceof Error ? error.message : String(error) };
  } finally {
    await copied.close();
  }
}

interface ProfileSource {
  readonly session: InspectorSession;
  readonly process: ObservedProcess;
  readonly notes: readonly string[];
}

async function readProfile(
  graph: HeapGraph,
  request: TaskRequest,
  source: ProfileSource,
): Promise<TaskResult> {
  const atMs = Date.now();
  const files = await countOpenFiles(process.pid);
  const { goroutines, notes } = await readTasks(source.session, graph, {
    budget: request.budget,
    process: source.process,
    ownFolders,
    memory,
    counted: files === undefined ? [] : [files],
  });
  const { census = { entries: [], heapBytes: 0, externalBytes: 0 } } = goroutines;
  return {
    bytes: encodeTasks(tellAborted(goroutines, Date.now()), request),
    count: goroutines.total,
    census: encodeCensus({ census, atMs, notes: [...source.notes, ...notes] }),
  };
}

function encodeTasks(goroutines: GoroutineDump, request: TaskRequest): Uint8Array {
  const dump = request.tasks === "stuck" ? keepStuck(goroutines) : goroutines;
  return request.debug === 0
    ? encodePprof(profileFromGoroutines(dump))
    : encodeGoroutineText(dump, { debug: request.debug });
}

function keepStuck(dump: GoroutineDump): GoroutineDump {
  const groups = dump.groups.filter((group) => group.leaked > 0);
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  return { ...dump, leakProfile: true, total, covered: total, groups };
}

async function disconnect(): Promise<void> {
  await session?.close();
  session = undefined;
  // Ids belong to the session that gave them.
  memory.told.clear();
  Atomics.store(disconnected, 0, 1);
  Atomics.notify(disconnected, 0);
}

function explain(error: unknown): TaskAnswer {
  const problem = error instanceof Error ? error.message : String(error);
  return { kind: "problem", problem, code: "WT_AGENT_FAILED" };
}

parentPort?.on("message", (command: WorkerCommand) => {
  void obey(command)
    .catch(explain)
    .then((answer) => {
      if (!answer) return;
      const bodies = answer.kind === "profile" ? [answer.bytes, answer.census] : [];
      parentPort?.postMessage(
        answer,
        bodies.map(({ buffer }) => buffer as ArrayBuffer),
      );
      // What is left of a snapshot is several times the host's heap, and an idle thread collects nothing.
      if (answer.kind === "profile") void ownSession().post("HeapProfiler.collectGarbage");
    });
});

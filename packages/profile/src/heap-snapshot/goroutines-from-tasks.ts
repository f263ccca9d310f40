/**
 * Suspended tasks as a goroutine dump, so that everything that judges goroutines judges them
 * too: the innermost suspended function is the leaf, its awaiters are the frames above it.
 */
import type { Frame, GoroutineDump, GoroutineGroup } from "../goroutine-dump.ts";
import {
  findAbortNames,
  holdsAbortedSignal,
  SIGNAL_ABORTED,
  SIGNAL_LABEL,
} from "./aborted-signals.ts";
import { readRequestLabels } from "./async-context.ts";
import { functionPlace } from "./function-place.ts";
import { type HeapGraph, typeIndex } from "./heap-graph.ts";
import { awaitStack, NO_TASK, type SuspendedTasks } from "./suspended-tasks.ts";
import { wakePath, type WakeProof, type WakeStep } from "./wake-proof.ts";

/** Where a task is suspended: the exact await when it is known, else its function's first line. */
export type PlaceTask = (row: number) => Frame;

/**
 * Rows of the tasks that await no other task: the leaves, one a goroutine. A function that neither
 * awaits nor yields has ended (a module keeps the one of its top-level await) or is about to run on.
 */
export function listInnermostTasks(tasks: SuspendedTasks): readonly number[] {
  const awaits = new Uint8Array(tasks.count);
  for (const awaiter of tasks.awaitedBy) if (awaiter < tasks.count) awaits[awaiter] = 1;
  return Array.from({ length: tasks.count }, (_, row) => row).filter((row) => {
    const isSuspended = tasks.awaitedPromise[row] !== NO_TASK || tasks.isYielded[row] === 1;
    return isSuspended && awaits[row] === 0;
  });
}

/** The place that the heap graph alone knows: the function's first line. */
export function placeAtFunction(graph: HeapGraph, tasks: SuspendedTasks): PlaceTask {
  const known = new Map<number, Frame>();
  return (row) => {
    const node = tasks.functionNode[row] as number;
    const seen = known.get(node);
    if (seen) return seen;
    const { name, file, line } = functionPlace(graph, node);
    const frame = { function: name || "(anonymous)", file: file || "??", line };
    known.set(node, frame);
    return frame;
  };
}

interface Draft {
  readonly state: string;
  readonly frames: readonly Frame[];
  readonly labels: Readonly<Record<string, string>>;
  readonly isStuck: boolean;
  readonly waker: string;
  readonly ids: number[];
}

/** Groups tasks by state, await stack, request and proof. Ids are V8's heap object ids. */
export function goroutinesFromTasks(
  graph: HeapGraph,
  tasks: SuspendedTasks,
  proof: WakeProof,
  placeTask: PlaceTask = placeAtFunction(graph, tasks),
): GoroutineDump {
  const rows = listInnermostTasks(tasks);
  const drafts = new Map<string, Draft>();
  const abortNames = findAbortNames(graph);
  for (const row of rows) {
    const frames = awaitStack(tasks, row).map(placeTask);
    const request = readRequestLabels(graph, tasks, row);
    const labels = holdsAbortedSignal(graph, tasks, abortNames, row)
      ? { ...request, [SIGNAL_LABEL]: SIGNAL_ABORTED }
      : request;
    const isStuck = proof.isLive[tasks.node[row] as number] === 0;
    const state = tasks.isYielded[row] === 1 ? "yield" : "await";
    const stack = frames.map((frame) => `${frame.function}@${frame.file}:${frame.line}`).join("<");
    const key = [state, isStuck, stack, ...Object.entries(labels).flat()].join("\0");
    const id = graph.nodeId[tasks.node[row] as number] as number;
    const known = drafts.get(key);
    if (known) known.ids.push(id);
    else {
      const waker = isStuck ? "" : describeWaker(graph, proof, tasks.node[row] as number);
      drafts.set(key, { state, frames, labels, isStuck, waker, ids: [id] });
    }
  }
  return {
    format: "heap-snapshot",
    runtime: "node",
    leakProfile: false,
    total: rows.length,
    covered: rows.length,
    truncated: false,
    groups: [...drafts.values()].map(finishGroup).toSorted((a, b) => b.count - a.count),
    problems: [],
  };
}

function finishGroup(draft: Draft): GoroutineGroup {
  const ids = Float64Array.from(draft.ids).toSorted();
  const outermost = draft.frames.at(-1);
  return {
    count: ids.length,
    state: draft.state,
    frames: draft.frames,
    elidedFrames: 0,
    // Nothing records who called an async function; the outermost that waits is the entry point.
    createdBy: draft.frames.length > 1 ? outermost : undefined,
    labels: draft.labels,
    ids,
    age: { minMinutes: 0, maxMinutes: 0, stamped: 0 },
    leaked: draft.isStuck ? ids.length : 0,
    lockedToThread: 0,
    bubbled: 0,
    creatorCount: 0,
    witnesses: [],
    ...(draft.waker ? { waker: draft.waker } : {}),
  };
}

const WAKER_STEPS_MAX = 4;
/** Steps through V8's and Node's own machinery, which tell a reader nothing. */
const machinery = /^(system \/|\(|Node \/ BaseObjectList|native_bind|$)/;

/** Timers hang in lists: the way to one may lead past all of its neighbours. */
const neighbours = /^_idle(Prev|Next)$/;

/** The last steps of the way to a task that a person can look up, e.g. `Mutex.waiting > Array[0]`. */
function describeWaker(graph: HeapGraph, proof: WakeProof, node: number): string {
  return wakePath(graph, proof, node)
    .filter((step) => !machinery.test(step.holder) && !/^(context|elements)$/.test(step.through))
    .filter((step) => !neighbours.test(step.through))
    .map((step) => {
      const holder = nameHolder(graph, step);
      return /^\d+$/.test(step.through)
        ? `${holder}[${step.through}]`
        : `${holder}.${step.through}`;
    })
    .filter((text) => text.length < 80)
    .slice(-WAKER_STEPS_MAX)
    .join(" > ");
}

/** A class of the program's own that is a stream is called one: its name does not say so. */
function nameHolder(graph: HeapGraph, { holder, node }: WakeStep): string {
  return KNOWN_STREAM.test(holder) || !isStream(graph, node) ? holder : `${holder}(stream)`;
}

const KNOWN_STREAM =
  /Stream$|^(?:Readable|Writable|Duplex|Transform|PassThrough|Socket|TLSSocket)$/;

function isStream(graph: HeapGraph, node: number): boolean {
  const property = typeIndex(graph.edgeTypes, "property");
  const states = new Set(
    ["_readableState", "_writableState"].map((name) => graph.strings.find(name)),
  );
  const end = graph.edgeStart[node + 1] as number;
  for (let edge = graph.edgeStart[node] as number; edge < end; edge++) {
    if (graph.edgeType[edge] === property && states.has(graph.edgeName[edge] as number))
      return true;
  }
  return false;
}

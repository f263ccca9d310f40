/**
 * The exact line of an await. V8 tells it of one suspended function at a time, at the cost of a
 * walk over its heap, so tasks of one shape are asked for by their first and last member; where
 * those differ the shape holds several awaits, and more of it are asked for.
 */
import {
  awaitStack,
  type Frame,
  frameSignature,
  functionPlace,
  type HeapGraph,
  listInnermostTasks,
  type PlaceTask,
  type SuspendedTasks,
} from "@watertight/profile";
import type { LocationAsker } from "./ask-location.ts";
import type { InspectorSession } from "./inspector-session.ts";
import { SingleAwaits } from "./single-awaits.ts";
import type { SourceMemory } from "./program-sources.ts";
import { type ColumnFrame, SourceMaps } from "./source-maps.ts";

export interface LocatedTasks {
  readonly placeTask: PlaceTask;
  /** Tasks that stand at their function's first line, because the budget was spent or they were gone. */
  readonly unplaced: number;
}

interface Shape {
  readonly rows: readonly number[];
}

/** What the captures of one session know of places, so that a later one asks for less. */
export class PlaceMemory {
  /** What was read of the program's files. */
  readonly sources: SourceMemory = new Map();
  /** And of their source maps. */
  readonly maps: SourceMaps = new SourceMaps();
  /**
   * Places that were told before, by {@link awaitKey}: a task that still waits for the same
   * promise is still at the same await. Holds what the last capture saw.
   */
  readonly told: Map<string, Frame> = new Map();
  /** The scripts that were read; opened by the first capture. */
  scripts: SingleAwaits | undefined;
}

/** How tasks are located. */
export interface LocateOptions {
  readonly asker: LocationAsker;
  readonly memory: PlaceMemory;
  /** Folders of the observer, whose functions stand at their first line. */
  readonly ownFolders: readonly string[];
}

/** Asks the runtime where tasks are suspended, as far as the asker may, largest shapes first. */
export async function locateTasks(
  session: InspectorSession,
  { graph, tasks }: { readonly graph: HeapGraph; readonly tasks: SuspendedTasks },
  { asker, memory, ownFolders }: LocateOptions,
): Promise<LocatedTasks> {
  const { maps } = memory;
  const atFunction = await placeFunctions(graph, tasks, maps);
  memory.scripts ??= new SingleAwaits(await readStartMs(session));
  const places = recall(graph, tasks, memory.told);
  await placeSingleAwaits(graph, tasks, { maps, scripts: memory.scripts, places });
  const ask = async (row: number): Promise<Frame | undefined> => {
    const at = await asker.ask(graph.nodeId[tasks.node[row] as number] as number);
    if (!at) return undefined;
    const written = describeFunction(graph, tasks.functionNode[row] as number);
    const place = await maps.place({ ...written, ...at });
    return { ...place, function: nameAwait(written, { ...at, file: place.file }) };
  };
  let unplaced = 0;
  for (const { rows } of listShapes(graph, tasks)) {
    // Where inside of Node's own functions or the observer's something waits is nobody's question.
    const { file } = atFunction(rows[0] as number);
    const isNobodys = file.startsWith("node:") || ownFolders.some((own) => file.startsWith(own));
    if (isNobodys) for (const row of rows) places.set(row, atFunction(row));
    else await locateShape({ rows }, { ask, asker, places });
    unplaced += rows.filter((row) => !places.has(row)).length;
  }
  memory.told.clear();
  for (const [row, place] of places) memory.told.set(awaitKey(graph, tasks, row), place);
  return {
    placeTask: (row) => places.get(row) ?? atFunction(row),
    unplaced,
  };
}

/** When the process started, milliseconds since 1970; 0, since when no file is unchanged, if it does not say. */
async function readStartMs(session: InspectorSession): Promise<number> {
  const answer = await session
    .post<{ result: { value?: unknown } }>("Runtime.evaluate", {
      expression: "Date.now() - process.uptime() * 1000",
    })
    .catch(() => undefined);
  const value = answer?.result.value;
  return typeof value === "number" ? value : 0;
}

interface SourcesRead {
  readonly maps: SourceMaps;
  readonly scripts: SingleAwaits;
  readonly places: Map<number, Frame>;
}

/** Places what can stand nowhere else, without a question to the process. */
async function placeSingleAwaits(
  graph: HeapGraph,
  tasks: SuspendedTasks,
  { maps, scripts, places }: SourcesRead,
): Promise<void> {
  for (let row = 0; row < tasks.count; row++) {
    if (places.has(row)) continue;
    const at = await scripts.find(graph, tasks.functionNode[row] as number);
    if (!at) continue;
    const written = describeFunction(graph, tasks.functionNode[row] as number);
    const place = await maps.place({ ...written, ...at });
    places.set(row, { ...place, function: nameAwait(written, { ...at, file: place.file }) });
  }
}

function recall(
  graph: HeapGraph,
  tasks: SuspendedTasks,
  told: ReadonlyMap<string, Frame>,
): Map<number, Frame> {
  const places = new Map<number, Frame>();
  for (let row = 0; row < tasks.count && told.size > 0; row++) {
    const place = told.get(awaitKey(graph, tasks, row));
    // Should V8 have given its ids anew, a place of another function gives it away.
    const name = functionName(graph, tasks, row);
    if (place?.function === name || place?.function.startsWith(`${name}@`)) places.set(row, place);
  }
  return places;
}

function functionName(graph: HeapGraph, tasks: SuspendedTasks, row: number): string {
  return describeFunction(graph, tasks.functionNode[row] as number).function;
}

/** Nobody writes lines that are longer: a minifier made them, and there is no source map. */
const WRITTEN_COLUMNS_MAX = 200;

/** The function, with the column of its await where the line says nothing, as after a minifier. */
function nameAwait(
  written: ColumnFrame,
  at: { readonly file: string; readonly line: number; readonly column: number },
): string {
  const isWritten = at.file !== written.file || at.column <= WRITTEN_COLUMNS_MAX;
  return !isWritten && at.line === written.line
    ? `${written.function}@${at.column}`
    : written.function;
}

/** Ids of a suspended function and of what it waits for. */
function awaitKey(graph: HeapGraph, tasks: SuspendedTasks, row: number): string {
  const promise = tasks.awaitedPromise[row] as number;
  return `${graph.nodeId[tasks.node[row] as number]}:${graph.nodeId[promise] ?? 0}`;
}

function describeFunction(graph: HeapGraph, node: number): ColumnFrame {
  const { name, file, line, column } = functionPlace(graph, node);
  return { function: name || "(anonymous)", file: file || "??", line, column };
}

/** The first line of every task's function, as it was written. */
async function placeFunctions(
  graph: HeapGraph,
  tasks: SuspendedTasks,
  maps: SourceMaps,
): Promise<PlaceTask> {
  const frames = new Map<number, Frame>();
  for (const node of new Set(tasks.functionNode)) {
    frames.set(node, await maps.place(describeFunction(graph, node)));
  }
  return (row) => frames.get(tasks.functionNode[row] as number) as Frame;
}

/** Members of a shape that are asked for first, evenly spread over it: all of a small one. */
const MEMBERS_ASKED = 4;
/** Members that are asked for in all when the first ones stand at different awaits. */
const MEMBERS_ASKED_MAX = 32;
/** The same where every ask is a standstill that is felt. */
const MEMBERS_ASKED_COSTLY = 2;
const MEMBERS_ASKED_COSTLY_MAX = 4;

interface Locating {
  readonly ask: (row: number) => Promise<Frame | undefined>;
  readonly asker: LocationAsker;
  readonly places: Map<number, Frame>;
}

async function locateShape({ rows }: Shape, { ask, asker, places }: Locating): Promise<void> {
  const known = new Set(rows.flatMap((row) => lineOf(places.get(row)) ?? []));
  const open = rows.filter((row) => !places.has(row));
  const members = asker.isCostly ? MEMBERS_ASKED_COSTLY : MEMBERS_ASKED;
  // Where all that are known stand at one await, one of the new ones is enough to agree.
  const first = await askFor(spread(open, known.size === 1 ? 1 : members), ask, places);
  const lines = new Set([...known, ...first.flatMap((place) => lineOf(place) ?? [])]);
  const [only] = first;
  if (lines.size === 1 && only) {
    for (const row of open) places.set(row, only);
  } else if (lines.size > 1) {
    const most = asker.isCostly ? MEMBERS_ASKED_COSTLY_MAX : MEMBERS_ASKED_MAX;
    const rest = spread(open, most).filter((row) => !places.has(row));
    await askFor(rest, ask, places);
  }
}

function lineOf(place: Frame | undefined): string | undefined {
  return place && `${place.function}@${place.file}:${place.line}`;
}

async function askFor(
  rows: readonly number[],
  ask: (row: number) => Promise<Frame | undefined>,
  places: Map<number, Frame>,
): Promise<readonly Frame[]> {
  const answers: Frame[] = [];
  for (const row of rows) {
    const place = await ask(row);
    if (!place) continue;
    places.set(row, place);
    answers.push(place);
  }
  return answers;
}

/** At most `count` rows, the first and the last among them; of one, the last. */
function spread(rows: readonly number[], count: number): readonly number[] {
  if (rows.length <= count) return rows;
  if (count === 1) return rows.slice(-1);
  const step = (rows.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => rows[Math.round(i * step)] as number);
}

function listShapes(graph: HeapGraph, tasks: SuspendedTasks): readonly Shape[] {
  const shapes = new Map<string, number[]>();
  const seen = new Set<number>();
  for (const leaf of listInnermostTasks(tasks)) {
    let callee = "";
    for (const row of awaitStack(tasks, leaf)) {
      const signature = frameSignature(graph, tasks, row);
      const key = `${signature}<${callee}`;
      callee = signature;
      if (seen.has(row)) continue;
      seen.add(row);
      const known = shapes.get(key);
      if (known) known.push(row);
      else shapes.set(key, [row]);
    }
  }
  return [...shapes.values()].toSorted((a, b) => b.length - a.length).map((rows) => ({ rows }));
}

/**
 * What hangs together: a listener that wakes a suspended task, a socket that a task holds, the buffers of that
 * socket. Found on the heap graph, so that growth is told as the effect of a leak only where the one holds the other.
 */
import type { Frame } from "../goroutine-dump.ts";
import type { CensusEntry } from "./census-entry.ts";
import { listInnermostTasks } from "./goroutines-from-tasks.ts";
import type { HeapGraph } from "./heap-graph.ts";
import { type HeapReader, isOwnFile } from "./heap-reader.ts";
import { HolderWays } from "./holder-ways.ts";
import { PrivateWalk } from "./private-walk.ts";
import { awaitStack, type SuspendedTasks } from "./suspended-tasks.ts";
import type { WakeProof } from "./wake-proof.ts";

/** Newest members of an entry whose ties are looked for. */
const MEMBERS_MAX = 32;
/** Newest members of an entry that a walk may meet. */
const TARGETS_MAX = 512;
/** Newest tasks whose ties are looked for. */
const TASKS_MAX = 4000;
/** Newest members that are asked for a place. */
const PLACED_BY_MAX = 8;
/** Ties of one member that are kept. */
const TIES_MAX = 16;

/** The entries, each with the ties of its newest members, and with a place of the program's where those lead to one. */
export function tieCensus(
  reader: HeapReader,
  { tasks, proof }: { readonly tasks: SuspendedTasks; readonly proof: WakeProof },
  entries: readonly CensusEntry[],
): readonly CensusEntry[] {
  const { graph } = reader;
  const members = findMembers(graph, entries);
  const units = listTaskUnits(graph, tasks);
  const walk = new PrivateWalk(graph, tasks.promiseNodes);
  const finder = new TieFinder(graph, walk, { members, units });
  const ways = new HolderWays(graph, proof, [...entries, ...units]);
  return entries.map((entry, index) => {
    const holder = ways.holderOf(entry);
    const isKnown = isProgram(entry.place) || !PLACED_BY_MEMBERS.has(entry.kind);
    const place = isKnown ? entry.place : finder.placeOf(reader, index);
    return Object.assign(
      { ...entry, ties: finder.ofMembers(index) },
      holder === undefined ? {} : { ofTies: [holder] },
      place === undefined ? {} : { place },
    );
  });
}

/** The program's own, not a dependency's or Node's. */
function isWritten(place: Frame): boolean {
  return isOwnFile(place.file) && isProgram(place);
}

function isProgram(place: Frame | undefined): boolean {
  return place !== undefined && !place.file.includes("node_modules/");
}

/** Suspended functions that wait for one another, with the heap ids of the innermost of them. */
interface TaskUnit {
  readonly nodes: readonly number[];
  readonly ids: readonly number[];
}

/** Tasks by the outermost function of their await stack, newest first. */
function listTaskUnits(graph: HeapGraph, tasks: SuspendedTasks): readonly TaskUnit[] {
  const units = new Map<number, { nodes: Set<number>; ids: number[] }>();
  const newest = listInnermostTasks(tasks)
    .toSorted((a, b) => idAt(b) - idAt(a))
    .slice(0, TASKS_MAX);
  for (const row of newest) {
    const stack = awaitStack(tasks, row);
    const root = stack.at(-1) ?? row;
    const unit = units.get(root) ?? { nodes: new Set(), ids: [] };
    units.set(root, unit);
    for (const each of stack) unit.nodes.add(tasks.node[each] as number);
    if (unit.ids.length < TIES_MAX) unit.ids.push(idAt(row));
  }
  return [...units.values()].map(({ nodes, ids }) => ({ nodes: [...nodes], ids }));

  function idAt(row: number): number {
    return graph.nodeId[tasks.node[row] as number] as number;
  }
}

/** Nodes of each entry's newest members, newest first. */
function findMembers(graph: HeapGraph, entries: readonly CensusEntry[]): Population["members"] {
  const wanted = entries.map(({ ids }) => [
    ...new Set([...ids.subarray(-TARGETS_MAX)].map(Math.floor)),
  ]);
  const nodeOf = new Map<number, number>(wanted.flat().map((id) => [id, -1]));
  for (let node = 0; node < graph.nodeCount; node++) {
    const id = graph.nodeId[node] as number;
    if (nodeOf.has(id)) nodeOf.set(id, node);
  }
  return wanted.map((ids) =>
    ids
      .toReversed()
      .map((id) => nodeOf.get(id) ?? -1)
      .filter((node) => node >= 0),
  );
}

/** What a dependency's collection holds was put there by the program: its functions are in it. */
const PLACED_BY_MEMBERS: ReadonlySet<string> = new Set(["collection", "listeners", "external"]);

interface Population {
  readonly members: readonly (readonly number[])[];
  readonly units: readonly TaskUnit[];
}

/** Walks from tasks and from members, and notes who meets whom. */
class TieFinder {
  readonly #graph: HeapGraph;
  readonly #walk: PrivateWalk;
  readonly #members: Population["members"];
  readonly #unitAt: ReadonlyMap<number, TaskUnit>;
  /** Entries that a node is a member of. */
  readonly #entriesAt = new Map<number, number[]>();
  readonly #found = new Map<string, Set<number>>();

  constructor(graph: HeapGraph, walk: PrivateWalk, population: Population) {
    const { members, units } = population;
    this.#graph = graph;
    this.#walk = walk;
    this.#members = members;
    this.#unitAt = new Map(
      units.flatMap((unit) => unit.nodes.map((node) => [node, unit] as const)),
    );
    members.forEach((nodes, entry) => {
      for (const node of nodes) {
        const known = this.#entriesAt.get(node);
        if (known === undefined) this.#entriesAt.set(node, [entry]);
        else known.push(entry);
      }
    });
    const sampled = members.map((nodes) => nodes.slice(0, MEMBERS_MAX));
    this.#walk.learnShared(units.map(({ nodes }) => nodes));
    for (const nodes of sampled) this.#walk.learnShared(nodes.map((node) => [node]));
    for (const unit of units) this.#walkFromTask(unit);
    sampled.forEach((nodes, entry) => {
      for (const node of nodes) this.#walkFromMember(entry, node);
    });
  }

  /** The ties of each of an entry's newest members. */
  ofMembers(entry: number): readonly (readonly number[])[] {
    const nodes = this.#members[entry]?.slice(0, MEMBERS_MAX) ?? [];
    return nodes.map((node) => Array.from(this.#found.get(`${entry} ${node}`) ?? []));
  }

  /** The nearest function of the program that most of an entry's newest members lead to, and nothing else does. */
  placeOf(reader: HeapReader, entry: number): Frame | undefined {
    const nodes = this.#members[entry]?.slice(0, PLACED_BY_MAX) ?? [];
    const votes = new Map<string, { readonly place: Frame; count: number }>();
    for (const node of nodes) {
      const closures = this.#walk.from([node]).filter((each) => reader.isClosure(each));
      const place = closures.map((each) => reader.placeOf(each)).find(isWritten);
      if (place === undefined) continue;
      const key = `${place.file}:${place.line}:${place.function}`;
      const vote = votes.get(key) ?? { place, count: 0 };
      votes.set(key, vote);
      vote.count += 1;
    }
    const most = [...votes.values()].toSorted((a, b) => b.count - a.count)[0];
    return most !== undefined && most.count * 2 > nodes.length ? most.place : undefined;
  }

  #walkFromTask(unit: TaskUnit): void {
    for (const node of this.#walk.from(unit.nodes)) {
      for (const entry of this.#entriesAt.get(node) ?? []) this.#tie(entry, node, unit.ids);
    }
  }

  #walkFromMember(entry: number, member: number): void {
    for (const node of this.#walk.from([member])) {
      const unit = this.#unitAt.get(node);
      if (unit !== undefined) this.#tie(entry, member, unit.ids);
      for (const other of this.#entriesAt.get(node) ?? []) {
        if (other === entry) continue;
        this.#tie(entry, member, [this.#idOf(node)]);
        this.#tie(other, node, [this.#idOf(member)]);
      }
    }
  }

  #tie(entry: number, member: number, ids: readonly number[]): void {
    const key = `${entry} ${member}`;
    const known = this.#found.get(key) ?? new Set();
    this.#found.set(key, known);
    for (const id of ids) if (known.size < TIES_MAX) known.add(id);
  }

  #idOf(node: number): number {
    return this.#graph.nodeId[node] as number;
  }
}

/** Whether a collection is the program's own or hangs on something that is counted itself. */
import type { CensusEntry } from "./census-entry.ts";
import type { HeapGraph } from "./heap-graph.ts";
import type { WakeProof } from "./wake-proof.ts";

/** Suspended tasks, by their heap ids. */
interface HeldTasks {
  readonly ids: readonly number[];
}

/** What holds others one on one; a collection's members do not hold the next collection. */
const HOLDING_KINDS: ReadonlySet<string> = new Set(["timer", "handle", "listeners"]);

/** What is held by a counted thing hangs on it by few steps. */
const HELD_STEPS_MAX = 8;

/** Finds the listener, handle, timer or task on whose way from the roots a collection lies. */
export class HolderWays {
  readonly #graph: HeapGraph;
  readonly #proof: WakeProof;
  readonly #ids: ReadonlySet<number>;
  readonly #nodeOf = new Map<number, number>();

  constructor(graph: HeapGraph, proof: WakeProof, things: readonly (CensusEntry | HeldTasks)[]) {
    this.#graph = graph;
    this.#proof = proof;
    this.#ids = new Set(
      things.flatMap((thing) =>
        "kind" in thing && !HOLDING_KINDS.has(thing.kind) ? [] : [...thing.ids].map(Math.floor),
      ),
    );
    for (const thing of things) {
      if ("kind" in thing && thing.ofId !== undefined) this.#nodeOf.set(thing.ofId, -1);
    }
    for (let node = 0; node < graph.nodeCount; node++) {
      const id = graph.nodeId[node] as number;
      if (this.#nodeOf.has(id)) this.#nodeOf.set(id, node);
    }
  }

  /** Heap id of what holds an entry's collection; undefined when that is the program itself. */
  holderOf({ ofId }: CensusEntry): number | undefined {
    let node = ofId === undefined ? undefined : this.#nodeOf.get(ofId);
    for (let step = 0; node !== undefined && node > 0 && step < HELD_STEPS_MAX; step++) {
      node = this.#proof.reachedFrom[node] as number;
      if (node >= this.#graph.nodeCount) return undefined;
      const id = this.#graph.nodeId[node] as number;
      if (this.#ids.has(id)) return id;
    }
    return undefined;
  }
}

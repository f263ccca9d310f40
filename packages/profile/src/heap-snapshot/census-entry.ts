/** The heap census: what a process holds besides its suspended tasks, by kind and place. */
import type { Frame } from "../goroutine-dump.ts";

/**
 * What is counted.
 *
 * - `timer`: timeouts, intervals and immediates that are armed.
 * - `handle`: sockets, servers, files, watchers, workers, child processes, message ports.
 * - `listeners`: functions that listen to one event of one emitter or signal.
 * - `body`: bodies of answers that are neither read nor cancelled.
 * - `request`: answers that a server of the process still owes to a connected client (`request`), and accepted
 *   sockets that no HTTP is read from, such as websockets (`connection`).
 * - `collection`: entries of a map, set or array that the program holds.
 * - `external`: buffers whose bytes lie outside of the JavaScript heap.
 */
export type CensusKind =
  | "timer"
  | "handle"
  | "listeners"
  | "body"
  | "request"
  | "collection"
  | "external";

/** How much there is of one thing. */
export interface CensusEntry {
  readonly kind: CensusKind;
  /** Class and event, or the variable that holds it, e.g. `Timeout`, `Config.change`, `Store.#history`. */
  readonly name: string;
  readonly count: number;
  /** Bytes of the members themselves; for `external`, of their buffers. */
  readonly bytes: number;
  /** Heap ids of the members, ascending; a function that listens twice has its id once, and once more by a fraction. */
  readonly ids: Float64Array;
  /** Heap id of the emitter or collection that they belong to. */
  readonly ofId?: number;
  /** The function or class that tells what they are for: a timer's callback, a listener, the class that holds them. */
  readonly place?: Frame;
  /**
   * For each of the newest members, the heap ids of suspended tasks and of other counted things that it hangs together
   * with: that hold it, that it holds, or that it wakes. Absent where nobody looked.
   */
  readonly ties?: readonly (readonly number[])[];
  /** The same for the collection or emitter that the members belong to. */
  readonly ofTies?: readonly number[];
  /** The line that calls what is placed here, as far as the sources say. */
  readonly creator?: Frame;
  /** Without a place: the lines of the program that make such things. */
  readonly candidates?: readonly Frame[];
}

/** Everything that was counted in one heap. */
export interface HeapCensus {
  readonly entries: readonly CensusEntry[];
  /** Bytes of everything alive, without buffers outside of the heap. */
  readonly heapBytes: number;
  readonly externalBytes: number;
}

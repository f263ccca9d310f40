/** Timeouts, intervals and immediates that are armed, by their callbacks. */
import type { CensusEntry } from "./census-entry.ts";
import { CensusGroups } from "./census-groups.ts";
import { type HeapReader, isOwnFile } from "./heap-reader.ts";

interface TimerClass {
  readonly name: string;
  readonly callback: string;
}

const CLASSES: readonly TimerClass[] = [
  { name: "Timeout", callback: "_onTimeout" },
  { name: "Immediate", callback: "_onImmediate" },
];

/** One entry for each function that timers call. Node's own timers belong to something that is counted itself. */
export function countTimers(reader: HeapReader): readonly CensusEntry[] {
  const { graph } = reader;
  const groups = new CensusGroups();
  const callbacks = new Map(
    CLASSES.map(({ name, callback }) => [reader.id(name), reader.id(callback)]),
  );
  const destroyed = reader.id("_destroyed");
  for (const node of reader.having("_destroyed")) {
    const property = callbacks.get(graph.nodeName[node] as number);
    if (property === undefined || reader.isTrue(node, destroyed)) continue;
    const callback = reader.property(node, property);
    if (callback === undefined || !reader.isClosure(callback)) continue;
    const place = reader.placeOf(callback);
    const name = reader.nameOf(node);
    if (isOwnFile(place.file)) groups.add(name, node, place);
    else if (isIterator(reader, node, place.file)) {
      groups.add(`${name} of an interval iterator`, node, undefined);
    }
  }
  return groups.entries(reader, "timer");
}

/** A timer of `setInterval` of `node:timers/promises`: the one in its file that comes again. */
function isIterator(reader: HeapReader, timer: number, file: string): boolean {
  if (file !== "node:timers/promises") return false;
  const repeat = reader.property(timer, reader.id("_repeat"));
  // A number lies in the object itself, without an edge.
  return repeat === undefined || reader.nameOf(repeat) !== "null";
}

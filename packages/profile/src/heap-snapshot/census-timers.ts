/** Timeouts, intervals and immediates that are armed, by their callbacks. */
import type { CensusEntry } from "./census-entry.ts";
import { countMembers } from "./count-members.ts";
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
  const nodes = new Map<string, number[]>();
  const names = CLASSES.map(({ name, callback }) => ({
    name,
    nameId: reader.id(name),
    callbackId: reader.id(callback),
  }));
  const destroyed = reader.id("_destroyed");
  for (let node = 0; node < graph.nodeCount; node++) {
    const kind = names.find(({ nameId }) => nameId === graph.nodeName[node]);
    if (kind === undefined || !reader.isObject(node)) continue;
    if (reader.property(node, destroyed) === undefined || reader.isTrue(node, destroyed)) continue;
    const callback = reader.property(node, kind.callbackId);
    if (callback === undefined || !reader.isClosure(callback)) continue;
    const { function: name, file, line } = reader.placeOf(callback);
    if (!isOwnFile(file) && !isIterator(reader, node, file)) continue;
    const key = [kind.name, name, file, line].join("\n");
    const same = nodes.get(key);
    if (same === undefined) nodes.set(key, [node]);
    else same.push(node);
  }
  return [...nodes].map(([key, members]) => {
    const [name = "", functionName = "", file = "", line = "0"] = key.split("\n");
    const place = isOwnFile(file)
      ? { function: functionName, file, line: Number(line) }
      : undefined;
    return {
      kind: "timer",
      name: place === undefined ? `${name} of an interval iterator` : name,
      ...countMembers(reader, members),
      ...(place === undefined ? {} : { place }),
    };
  });
}

/** A timer of `setInterval` of `node:timers/promises`: the one in its file that comes again. */
function isIterator(reader: HeapReader, timer: number, file: string): boolean {
  if (file !== "node:timers/promises") return false;
  const repeat = reader.property(timer, reader.id("_repeat"));
  // A number lies in the object itself, without an edge.
  return repeat === undefined || reader.nameOf(repeat) !== "null";
}

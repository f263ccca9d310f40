/** Timeouts, intervals and immediates that are armed, by their callbacks. */
import type { CensusEntry } from "./census-entry.ts";
import { countMembers } from "./count-members.ts";
import { type HeapReader, isOwnFile } from "./heap-reader.ts";
import { internalTarget } from "./promise-nodes.ts";

interface TimerClass {
  readonly name: string;
  readonly callback: string;
}

const CLASSES: readonly TimerClass[] = [
  { name: "Timeout", callback: "_onTimeout" },
  { name: "Immediate", callback: "_onImmediate" },
];

/** A variable of the scope of the callback that `setInterval` of `node:timers/promises` makes. */
const ITERATOR_VARIABLE = "passCallback";

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
    if (!isOwnFile(file) && !isIterator(reader, callback)) continue;
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

function isIterator(reader: HeapReader, callback: number): boolean {
  const { graph } = reader;
  const context = internalTarget(graph, callback, reader.id("context"));
  if (context === undefined) return false;
  const wanted = reader.id(ITERATOR_VARIABLE);
  const end = graph.edgeStart[context + 1] as number;
  for (let edge = graph.edgeStart[context] as number; edge < end; edge++) {
    if (graph.edgeName[edge] === wanted && wanted >= 0) return true;
  }
  return false;
}

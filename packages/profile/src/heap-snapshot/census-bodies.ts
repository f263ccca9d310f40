/** Bodies of answers that nobody reads: what is left of them waits on a connection. */
import type { Frame } from "../goroutine-dump.ts";
import type { CensusEntry } from "./census-entry.ts";
import { listListeners } from "./census-listeners.ts";
import { countMembers } from "./count-members.ts";
import type { HeapReader } from "./heap-reader.ts";

/** Entries of kind `body`: answers of `node:http` that were never read, and connections of undici that wait for a reader. */
export function countBodies(reader: HeapReader): readonly CensusEntry[] {
  const { graph } = reader;
  const groups = new Map<string, { name: string; place: Frame | undefined; nodes: number[] }>();
  const add = (name: string, node: number, place: Frame | undefined): void => {
    const key = [name, place?.function, place?.file, place?.line].join("\n");
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { name, place, nodes: [node] });
    else known.nodes.push(node);
  };
  const message = reader.id("IncomingMessage");
  const parser = reader.id("Parser");
  const paused = reader.id("paused");
  const [consuming, request] = [reader.id("_consuming"), reader.id("req")];
  for (let node = 0; node < graph.nodeCount; node++) {
    const name = graph.nodeName[node];
    if ((name !== message && name !== parser) || !reader.isObject(node)) continue;
    if (name === parser) {
      if (paused >= 0 && reader.isTrue(node, paused)) add("fetch", node, undefined);
      continue;
    }
    if (!reader.isSet(node, request) || reader.property(node, consuming) === undefined) continue;
    if (reader.isTrue(node, consuming)) continue;
    const closures = listListeners(reader, reader.property(node, request) as number);
    add("http", node, reader.ownPlace([...closures.values()].flat()));
  }
  return [...groups.values()].map(({ name, place, nodes }) => ({
    kind: "body",
    name,
    ...countMembers(reader, nodes),
    ...(place === undefined ? {} : { place }),
  }));
}

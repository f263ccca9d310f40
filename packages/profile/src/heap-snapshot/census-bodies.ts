/** Bodies of answers that nobody reads: what is left of them waits on a connection. */
import type { CensusEntry } from "./census-entry.ts";
import { CensusGroups } from "./census-groups.ts";
import { listListeners } from "./census-listeners.ts";
import type { HeapReader } from "./heap-reader.ts";

/** Entries of kind `body`: answers of `node:http` that were never read, and connections of undici that wait for a reader. */
export function countBodies(reader: HeapReader): readonly CensusEntry[] {
  const { graph } = reader;
  const groups = new CensusGroups();
  const message = reader.id("IncomingMessage");
  const parser = reader.id("Parser");
  const paused = reader.id("paused");
  for (const node of reader.having("paused")) {
    if (graph.nodeName[node] === parser && reader.isTrue(node, paused)) {
      groups.add("fetch", node, undefined);
    }
  }
  for (const node of reader.having("_consuming")) {
    const request = graph.nodeName[node] === message ? findRequest(reader, node) : undefined;
    if (request === undefined) continue;
    const closures = [...listListeners(reader, request).values()].flat();
    groups.add("http", node, reader.ownPlace(closures));
  }
  return groups.entries(reader, "body");
}

/** The request that an answer is for, when nobody has begun to read the answer. */
function findRequest(reader: HeapReader, message: number): number | undefined {
  const consuming = reader.id("_consuming");
  const request = reader.id("req");
  if (!reader.isSet(message, request)) return undefined;
  const isUnread =
    reader.property(message, consuming) !== undefined && !reader.isTrue(message, consuming);
  return isUnread ? reader.property(message, request) : undefined;
}

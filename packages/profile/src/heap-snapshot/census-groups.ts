/** Objects of one kind, grouped by name and place as a census counts them. */
import type { Frame } from "../goroutine-dump.ts";
import type { CensusEntry, CensusKind } from "./census-entry.ts";
import { countMembers } from "./count-members.ts";
import type { HeapReader } from "./heap-reader.ts";

interface Group {
  readonly name: string;
  readonly place: Frame | undefined;
  readonly nodes: number[];
  /** What the nodes hold outside of the heap; 0 where they themselves are what is counted. */
  outsideBytes: number;
}

/** Collects nodes, and turns them into one entry for each name and place. */
export class CensusGroups {
  readonly #groups = new Map<string, Group>();

  add(name: string, node: number, place: Frame | undefined, outsideBytes = 0): void {
    const key = [name, place?.function, place?.file, place?.line].join("\n");
    const group = this.#groups.get(key) ?? { name, place, nodes: [], outsideBytes: 0 };
    this.#groups.set(key, group);
    group.nodes.push(node);
    group.outsideBytes += outsideBytes;
  }

  entries(reader: HeapReader, kind: CensusKind): readonly CensusEntry[] {
    const entries: CensusEntry[] = [];
    for (const { name, place, nodes, outsideBytes } of this.#groups.values()) {
      const counted = countMembers(reader, nodes);
      const bytes = outsideBytes === 0 ? counted.bytes : outsideBytes;
      entries.push({ kind, name, ...counted, bytes, ...(place === undefined ? {} : { place }) });
    }
    return entries;
  }
}

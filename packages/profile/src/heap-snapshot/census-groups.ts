/** Objects of one kind, grouped by name and place as a census counts them. */
import type { Frame } from "../goroutine-dump.ts";
import type { CensusEntry, CensusKind } from "./census-entry.ts";
import { countMembers } from "./count-members.ts";
import type { HeapReader } from "./heap-reader.ts";

interface Group {
  readonly name: string;
  readonly place: Frame | undefined;
  readonly nodes: number[];
}

/** Collects nodes, and turns them into one entry for each name and place. */
export class CensusGroups {
  readonly #groups = new Map<string, Group>();

  add(name: string, node: number, place: Frame | undefined): void {
    const key = [name, place?.function, place?.file, place?.line].join("\n");
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, { name, place, nodes: [node] });
    else group.nodes.push(node);
  }

  entries(reader: HeapReader, kind: CensusKind): readonly CensusEntry[] {
    const entries: CensusEntry[] = [];
    for (const { name, place, nodes } of this.#groups.values()) {
      const counted = countMembers(reader, nodes);
      entries.push({ kind, name, ...counted, ...(place === undefined ? {} : { place }) });
    }
    return entries;
  }
}

/** Files that a local process has open, also those whose object in its heap is gone. */
import { readdir, readlink } from "node:fs/promises";
import type { CensusEntry } from "@watertight/profile";

/** Descriptors that are looked at. */
const DESCRIPTORS_MAX = 65_536;

/** One census entry for the regular files, `undefined` where the system does not tell (no Linux, another user). */
export async function countOpenFiles(pid: number): Promise<CensusEntry | undefined> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => undefined);
  if (descriptors === undefined) return undefined;
  const ids: number[] = [];
  for (const descriptor of descriptors.slice(0, DESCRIPTORS_MAX)) {
    const path = await readlink(`${folder}/${descriptor}`).catch(() => "");
    // Sockets and pipes are no paths; devices are the standard streams. Ids of the heap are whole numbers.
    if (path.startsWith("/") && !path.startsWith("/dev/")) ids.push(Number(descriptor) + 0.5);
  }
  return {
    kind: "handle",
    name: "open file",
    count: ids.length,
    bytes: 0,
    ids: Float64Array.from(ids).toSorted(),
  };
}

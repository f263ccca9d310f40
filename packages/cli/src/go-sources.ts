/**
 * Reads Go source that a dump's frames name, to see what a goroutine waits for. The paths come from the target, so
 * only regular `.go` files are read, few and small ones, and nothing of them but the channel waited for is shown.
 */
import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { createProjectLookup } from "./source-folder.ts";

const FILES_MAX = 256;
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** A reader for the paths that a binary was built with: where they are, else below the project's folder. */
export function createGoSourceReader(root: string): (file: string) => string | undefined {
  const findInProject = createProjectLookup(root);
  const known = new Map<string, string | undefined>();
  return (file) => {
    if (!file.endsWith(".go") || file.includes("\0")) return undefined;
    if (!known.has(file) && known.size < FILES_MAX) known.set(file, readOnce(file));
    return known.get(file);
  };

  function readOnce(file: string): string | undefined {
    const inPlace = isAbsolute(file) ? readSmall(file) : undefined;
    if (inPlace !== undefined) return inPlace;
    const found = findInProject(file);
    return found === undefined ? undefined : readSmall(join(root, found));
  }
}

function readSmall(path: string): string | undefined {
  try {
    const status = statSync(path);
    if (!status.isFile() || status.size > FILE_BYTES_MAX) return undefined;
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

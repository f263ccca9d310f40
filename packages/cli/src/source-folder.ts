/** Finds files of a project from the paths that its binary was built with. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const CACHED_MAX = 10_000;

/**
 * A lookup for a project's folder: `/build/src/api/main.go` and `example.com/app/api/main.go`
 * are both `api/main.go` when that exists below `root`. The longest match wins, and a bare
 * file name only matches at the top of the project.
 */
export function createProjectLookup(root: string): (file: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (file) => {
    const found = known.has(file) ? known.get(file) : findBelow(root, file);
    if (known.size < CACHED_MAX) known.set(file, found);
    return found;
  };
}

function findBelow(root: string, file: string): string | undefined {
  const segments = file
    .replaceAll("\\", "/")
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..") || file.includes("\0")) return undefined;
  for (let start = 0; start < segments.length; start += 1) {
    const path = segments.slice(start).join("/");
    if (existsSync(join(root, path))) return path;
  }
  return undefined;
}

/** Every service of the zoo with its ground truth, read from the folders and the sources. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findMarkers } from "./markers.js";
import { parseTruth } from "./truth.js";
/** The Go module of the zoo. */
export const GO_FOLDER = join(dirname(fileURLToPath(import.meta.url)), "go");
/** Every service, both twins, in name order. */
export function listServices() {
  return listFolders().flatMap((name) => readServices(name));
}
function listFolders() {
  return readdirSync(GO_FOLDER, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("/truth.json"))
    .map((path) => dirname(path))
    .toSorted();
}
function readServices(name) {
  const path = join(GO_FOLDER, name, "truth.json");
  const truth = parseTruth(readFileSync(path, "utf8"), path);
  const command = truth.command ?? "zoo";
  const base = {
    name,
    group: name.split("/")[0] ?? name,
    truth,
    minGo: truth.minGo ?? "1.19",
    command,
  };
  const argsOf = (twin) => (command === "zoo" ? [name, twin] : [twin]);
  const healthy = { ...base, twin: "healthy", args: argsOf("healthy"), leaks: [] };
  if (truth.leaks === undefined) return [healthy];
  const markers = readMarkers(name);
  const leaks = truth.leaks.map((leak) => resolveLeak(leak, markers, path));
  const leaky = { ...base, twin: "leaky", args: argsOf("leaky"), leaks };
  return [leaky, healthy];
}
/** The markers of a service's folder, its own deeper packages included. */
export function readMarkers(name) {
  const folder = join(GO_FOLDER, name);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".go"))
    .toSorted()
    .flatMap((path) => findMarkers(readFileSync(join(folder, path), "utf8"), `${name}/${path}`));
}
function resolveLeak(leak, markers, path) {
  const own = markers.filter(({ mark }) => mark === leak.mark || mark === undefined);
  const sites = [
    ...own.filter((marker) => marker.kind === "stuck"),
    ...own.filter((marker) => marker.kind === "also stuck"),
    ...libraryLines(leak.site),
  ];
  const creators = [...own.filter(({ kind }) => kind === "started"), ...libraryLines(leak.creator)];
  if (sites.length === 0) throw new Error(`${path}: ${leak.cause} has no site and no marker`);
  return {
    cause: leak.cause,
    causes: [leak.cause, ...(leak.alsoCauses ?? [])],
    perRequest: leak.perRequest,
    states: leak.states ?? [],
    sites: sites.map(({ function: name, file, line }) => ({ function: name, file, line })),
    creators: creators.map(({ function: name, file, line }) => ({ function: name, file, line })),
  };
}
function libraryLines(frame) {
  return frame === undefined ? [] : [{ function: frame.function, file: undefined, line: 0 }];
}
//# sourceMappingURL=list.js.map

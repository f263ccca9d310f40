/** Every program of the Node zoo with its ground truth, read from the folders and the sources. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ExpectedLeak, SourceLine, Twin } from "../list.ts";
import { findMarkers, type Marker } from "../markers.ts";
import { parseTruth } from "../truth.ts";
import type { NodeLeakTruth, NodeTruth, Shows } from "./truth.ts";

export const NODE_FOLDER: string = import.meta.dirname;

/** One leak with its lines resolved. */
export interface ExpectedNodeLeak extends ExpectedLeak {
  readonly grows: string;
  readonly shows: Shows;
  readonly isProven: boolean;
}

/** One program that can be run. */
export interface ZooProgram {
  /** The folder, e.g. `promise-pending/lost-wakeup`. */
  readonly name: string;
  /** First part of the folder: the cause, or `hard-healthy`. */
  readonly group: string;
  readonly twin: Twin;
  readonly truth: NodeTruth;
  /** Absolute path of the source, which Node runs as it is. */
  readonly path: string;
  /** Empty for a healthy program. */
  readonly leaks: readonly ExpectedNodeLeak[];
}

/** Every program, both twins, in name order. */
export function listPrograms(): readonly ZooProgram[] {
  return readdirSync(NODE_FOLDER, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("/truth.json"))
    .map((path) => dirname(path))
    .toSorted()
    .flatMap((name) => readPrograms(name));
}

function readPrograms(name: string): readonly ZooProgram[] {
  const folder = join(NODE_FOLDER, name);
  const path = join(folder, "truth.json");
  const truth = parseTruth(readFileSync(path, "utf8"), path) as NodeTruth;
  const base = { name, group: dirname(name), truth };
  const pathOf = (twin: Twin): string => join(folder, `${twin}.ts`);
  const healthy: ZooProgram = { ...base, twin: "healthy", path: pathOf("healthy"), leaks: [] };
  if (truth.leaks === undefined) return [healthy];
  const markers = readNodeMarkers(name, "leaky");
  const leaks = truth.leaks.map((leak) => resolveLeak(leak, markers, path));
  return [{ ...base, twin: "leaky", path: pathOf("leaky"), leaks }, healthy];
}

/** The markers of one twin; one on a line of its own speaks of the line above it. */
export function readNodeMarkers(name: string, twin: Twin): readonly Marker[] {
  const file = `${name}/${twin}.ts`;
  if (!existsSync(join(NODE_FOLDER, file))) return [];
  const source = readFileSync(join(NODE_FOLDER, file), "utf8");
  const lines = source.split("\n");
  return findMarkers(source, file).map((marker) => {
    const isAlone = lines[marker.line - 1]?.trimStart().startsWith("//") === true;
    return isAlone ? Object.assign({}, marker, { line: marker.line - 1 }) : marker;
  });
}

function resolveLeak(
  leak: NodeLeakTruth,
  markers: readonly Marker[],
  path: string,
): ExpectedNodeLeak {
  const linesOf = (kind: Marker["kind"]): readonly SourceLine[] =>
    markers
      .filter((marker) => marker.kind === kind && marker.mark === leak.mark)
      .map(({ function: name, file, line }) => ({ function: name, file, line }));
  const sites = [...linesOf("stuck"), ...linesOf("also stuck")];
  if (sites.length === 0) throw new Error(`${path}: ${leak.cause} has no marker`);
  return {
    cause: leak.cause,
    causes: [leak.cause, ...(leak.alsoCauses ?? [])],
    perRequest: leak.perRequest,
    states: [leak.state ?? "await"],
    sites,
    creators: linesOf("started"),
    grows: leak.grows,
    shows: leak.shows,
    isProven: leak.proven === true,
  };
}

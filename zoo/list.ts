/** Every service of the zoo with its ground truth, read from the folders and the sources. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findMarkers, type Marker } from "./markers.ts";
import { type LeakTruth, parseTruth, type ServiceTruth } from "./truth.ts";

/** The Go module of the zoo. */
export const GO_FOLDER: string = join(dirname(fileURLToPath(import.meta.url)), "go");

/** Which of the module's commands: `zoo` holds every service, `orders-api` is one by itself. */
export type ZooCommand = "zoo" | "orders-api";

export type Twin = "leaky" | "healthy";

/** Where a leak's goroutines are, or what starts them. */
export interface SourceLine {
  /** Pattern over the function's symbol. */
  readonly function: string;
  /** Path below `zoo/go`, undefined for a frame that is not the service's. */
  readonly file: string | undefined;
  /** 0 for a frame that is not the service's. */
  readonly line: number;
}

/** One leak with its lines resolved. */
export interface ExpectedLeak {
  readonly cause: string;
  /** Every cause that is right, `cause` first. */
  readonly causes: readonly string[];
  readonly perRequest: number;
  readonly states: readonly string[];
  /** Every site that is right, the main one first. */
  readonly sites: readonly SourceLine[];
  readonly creators: readonly SourceLine[];
}

/** One service that can be run. */
export interface ZooService {
  /** The folder, e.g. `channel-send/early-return`. */
  readonly name: string;
  /** First part of the folder: the cause, or `hard-healthy`. */
  readonly group: string;
  readonly twin: Twin;
  readonly truth: ServiceTruth;
  readonly minGo: string;
  /** Which binary holds it, and how that is called. */
  readonly command: ZooCommand;
  readonly args: readonly string[];
  /** Empty for a healthy service. */
  readonly leaks: readonly ExpectedLeak[];
}

/** Every service, both twins, in name order. */
export function listServices(): readonly ZooService[] {
  return listFolders().flatMap((name) => readServices(name));
}

function listFolders(): readonly string[] {
  return readdirSync(GO_FOLDER, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("/truth.json"))
    .map((path) => dirname(path))
    .toSorted();
}

function readServices(name: string): readonly ZooService[] {
  const path = join(GO_FOLDER, name, "truth.json");
  const truth = parseTruth(readFileSync(path, "utf8"), path);
  const command: ZooCommand = truth.command ?? "zoo";
  const base = {
    name,
    group: name.split("/")[0] ?? name,
    truth,
    minGo: truth.minGo ?? "1.19",
    command,
  };
  const argsOf = (twin: Twin): readonly string[] => (command === "zoo" ? [name, twin] : [twin]);
  const healthy: ZooService = { ...base, twin: "healthy", args: argsOf("healthy"), leaks: [] };
  if (truth.leaks === undefined) return [healthy];
  const markers = readMarkers(name);
  const leaks = truth.leaks.map((leak) => resolveLeak(leak, markers, path));
  const leaky: ZooService = { ...base, twin: "leaky", args: argsOf("leaky"), leaks };
  return [leaky, healthy];
}

/** The markers of a service's folder, its own deeper packages included. */
export function readMarkers(name: string): readonly Marker[] {
  const folder = join(GO_FOLDER, name);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".go"))
    .toSorted()
    .flatMap((path) => findMarkers(readFileSync(join(folder, path), "utf8"), `${name}/${path}`));
}

function resolveLeak(leak: LeakTruth, markers: readonly Marker[], path: string): ExpectedLeak {
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

function libraryLines(frame: { readonly function: string } | undefined): readonly SourceLine[] {
  return frame === undefined ? [] : [{ function: frame.function, file: undefined, line: 0 }];
}

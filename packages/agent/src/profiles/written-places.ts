/**
 * Profiles by the lines that were written. V8 names the lines that run, which after a compiler or a bundler are
 * others: task profiles are told in the written ones, so what allocates and what computes is told in them too.
 */
import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { ColumnFrame } from "@watertight/capture";
import type { MovedPlace, Profile, ProfilePlace } from "@watertight/profile";
import { loadProfileRoom } from "../profile-room.ts";
import { keepConditions } from "../worker-flags.ts";

/** Places that are remembered, moved or not; when there are more, all are looked up again. */
const PLACES_MAX = 32_768;
/** Nobody waits longer for source maps than this: the lines that run are told then. */
const LOOKUP_MS_MAX = 10_000;

const known = new Map<string, MovedPlace | undefined>();

/** The profile with each place where its source map says it was written; as it is without one. */
export async function tellWritten(profile: Profile): Promise<Profile> {
  const { listPlaces, movePlaces } = await loadProfileRoom();
  const places = new Map(listPlaces(profile).map((place) => [keyOf(place), place]));
  const unknown = [...places].filter(([key, place]) => isInFile(place) && !known.has(key));
  if (unknown.length > 0) await learn(unknown.map(([, place]) => place));
  return movePlaces(profile, (place) => known.get(keyOf(place)));
}

async function learn(places: readonly ProfilePlace[]): Promise<void> {
  const asked = places.map(toAsked);
  const answer = await lookUp(asked).catch(() => undefined);
  if (answer === undefined) return;
  if (known.size + places.length > PLACES_MAX) known.clear();
  places.slice(0, PLACES_MAX).forEach((place, at) => {
    const found = answer[at];
    const isMoved = found !== undefined && found.file !== place.file;
    known.set(keyOf(place), isMoved ? toWritten(place, found) : undefined);
  });
}

async function lookUp(asked: readonly ColumnFrame[]): Promise<readonly MovedPlace[]> {
  const file = new URL(`../source-map-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, {
    workerData: asked,
    execArgv: [...keepConditions(process.execArgv)],
    env: {},
  });
  worker.unref();
  try {
    const signal = AbortSignal.timeout(LOOKUP_MS_MAX);
    const [answer] = await once(worker, "message", { signal });
    return answer as readonly MovedPlace[];
  } finally {
    await worker.terminate();
  }
}

/** The profiler tells functions without a name apart by where they start. */
const NAMELESS = /^\(anonymous:L#(\d+):C#(\d+)\)$/;

function toAsked({ function: name, file, line, column }: ProfilePlace): ColumnFrame {
  const start = NAMELESS.exec(name)?.slice(1).map(Number);
  // Its own line is the one that it starts at, unless lines were asked for.
  const startColumn = start?.[0] === line ? start[1] : undefined;
  return { function: name, file, line, column: startColumn ?? column };
}

function toWritten(place: ProfilePlace, found: MovedPlace): MovedPlace {
  const name = NAMELESS.test(place.function) ? `(anonymous:L#${found.line})` : place.function;
  return { function: name, file: found.file, line: found.line };
}

function isInFile({ file, line }: ProfilePlace): boolean {
  return file.startsWith("/") && line > 0;
}

function keyOf({ function: name, file, line, column }: ProfilePlace): string {
  return `${name} ${file}:${line}:${column}`;
}

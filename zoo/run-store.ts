/** Keeps runs as files and reads them back: the captures, and what the load did. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { CapturedRun, RawCapture } from "./capture-run.ts";
import type { ZooService } from "./list.ts";

/** `run.json`: everything but the captures' bytes. */
interface StoredRun {
  readonly name: string;
  readonly twin: string;
  readonly go: string;
  readonly requestsSent: number;
  readonly captures: readonly StoredCapture[];
}

interface StoredCapture {
  readonly atMs: number;
  readonly requestsServed?: number;
  readonly hasHeap: boolean;
}

/** Writes one run below `folder`; resolves to the run's own folder. */
export function keepRun(folder: string, run: CapturedRun): string {
  const own = join(folder, run.go, `${run.service.name.replace("/", "--")}-${run.service.twin}`);
  mkdirSync(own, { recursive: true });
  const captures = [run.baseline, ...run.captures, run.settled];
  const stored: StoredRun = {
    name: run.service.name,
    twin: run.service.twin,
    go: run.go,
    requestsSent: run.requestsSent,
    captures: captures.map((capture) => keepCapture(capture)),
  };
  writeFileSync(join(own, "run.json"), `${JSON.stringify(stored, undefined, 2)}\n`);
  for (const [index, capture] of captures.entries()) {
    writeFileSync(join(own, `${index}.goroutines.txt.gz`), gzipSync(capture.goroutines));
    if (capture.heap) writeFileSync(join(own, `${index}.heap.pb.gz`), capture.heap);
  }
  return own;
}

function keepCapture({ atMs, requestsServed, heap }: RawCapture): StoredCapture {
  return {
    atMs,
    hasHeap: heap !== undefined,
    ...(requestsServed !== undefined && { requestsServed }),
  };
}

/** Reads every kept run whose service is among `services`, in folder order. */
export function readRuns(folder: string, services: readonly ZooService[]): readonly CapturedRun[] {
  if (!existsSync(folder)) throw new Error(`${folder} does not exist`);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("run.json"))
    .toSorted()
    .flatMap((path) => readRun(join(folder, path, ".."), services));
}

function readRun(own: string, services: readonly ZooService[]): readonly CapturedRun[] {
  const stored = JSON.parse(readFileSync(join(own, "run.json"), "utf8")) as StoredRun;
  const service = services.find(({ name, twin }) => name === stored.name && twin === stored.twin);
  if (service === undefined) return [];
  const captures = stored.captures.map((capture, index) => readCapture(own, capture, index));
  const [baseline, ...later] = captures;
  const settled = later.pop();
  if (baseline === undefined || settled === undefined) return [];
  const { go, requestsSent } = stored;
  return [{ service, go, baseline, captures: later, settled, requestsSent }];
}

function readCapture(own: string, stored: StoredCapture, index: number): RawCapture {
  const path = join(own, `${index}.goroutines.txt.gz`);
  return {
    atMs: stored.atMs,
    goroutines: gunzipSync(readFileSync(path)).toString("utf8"),
    ...(stored.hasHeap && { heap: readFileSync(join(own, `${index}.heap.pb.gz`)) }),
    ...(stored.requestsServed !== undefined && { requestsServed: stored.requestsServed }),
  };
}

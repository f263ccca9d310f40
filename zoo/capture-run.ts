/** One run of one service: start, load, a series of captures, and what the load did. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ZooBinary } from "./build.ts";
import { holdConnections } from "./connections.ts";
import type { ZooService } from "./list.ts";
import { driveLoad, type LoadDriver } from "./load.ts";
import { type RunningService, startService } from "./process.ts";
import { type Load, loadOf } from "./truth.ts";

const FETCH_TIMEOUT_MS = 20_000;

/** What was fetched at one moment, undecoded. */
export interface RawCapture {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** `goroutine?debug=2`, as text. */
  readonly goroutines: string;
  /** `heap?gc=1`, gzipped protobuf. */
  readonly heap?: Uint8Array;
  /** From `/metrics` or `/debug/vars`, for the services that have one. */
  readonly requestsServed?: number;
}

/** Everything that a run brought. */
export interface CapturedRun {
  readonly service: ZooService;
  readonly go: string;
  /** Before any load. */
  readonly baseline: RawCapture;
  /** Under load. */
  readonly captures: readonly RawCapture[];
  /** After the load and the time to settle; clients that hold a connection still do. */
  readonly settled: RawCapture;
  /** Requests sent in all. */
  readonly requestsSent: number;
}

/** Runs a service once. Rejects when it does not start or does not answer in time. */
export async function captureRun(service: ZooService, binary: ZooBinary): Promise<CapturedRun> {
  await using running = await startService({
    binary: binary.path,
    args: service.args,
  });
  const load = loadOf(service.truth);
  const baseline = await capture(running, load);
  const driver = driveLoad({
    url: running.url + load.path,
    ratePerSecond: load.ratePerSecond * (load.ramp[0] ?? 1),
    abandonAfterMs: load.abandonAfterMs,
  });
  const release =
    load.hold && (await holdConnections({ ...load.hold, url: running.url + load.hold.path }));
  try {
    await sleep(load.warmMs);
    const captures = await captureSeries(running, load, driver);
    await driver.stop();
    await sleep(load.settleMs);
    const settled = await capture(running, load);
    return { service, go: binary.go, baseline, captures, settled, requestsSent: driver.sent() };
  } finally {
    await driver.stop();
    release?.();
    driver.close();
  }
}

async function captureSeries(
  running: RunningService,
  load: Load,
  driver: LoadDriver,
): Promise<readonly RawCapture[]> {
  const captures: RawCapture[] = [];
  for (let index = 0; index < load.captures; index += 1) {
    if (index > 0) await sleep(load.gapMs);
    captures.push(await capture(running, load));
    driver.setRate(load.ratePerSecond * (load.ramp[index + 1] ?? load.ramp.at(-1) ?? 1));
  }
  return captures;
}

async function capture(running: RunningService, load: Load): Promise<RawCapture> {
  const requestsServed = await readRequestCount(running.url);
  const goroutines = await fetchText(`${running.url}/debug/pprof/goroutine?debug=2`);
  const heap = load.heap ? await fetchBytes(`${running.url}/debug/pprof/heap?gc=1`) : undefined;
  return {
    atMs: Date.now(),
    goroutines,
    ...(heap && { heap }),
    ...(requestsServed !== undefined && { requestsServed }),
  };
}

async function readRequestCount(url: string): Promise<number | undefined> {
  const metrics = await fetchText(`${url}/metrics`).catch(() => "");
  const prometheus = /^http_requests_total(?:\{[^}]*\})? (\d+)/m.exec(metrics)?.[1];
  if (prometheus !== undefined) return Number(prometheus);
  const vars = await fetchText(`${url}/debug/vars`).catch(() => "");
  const expvar = /"http_requests_total": (\d+)/.exec(vars)?.[1];
  return expvar === undefined ? undefined : Number(expvar);
}

async function fetchText(url: string): Promise<string> {
  const response = await request(url);
  return await response.text();
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await request(url);
  return new Uint8Array(await response.arrayBuffer());
}

async function request(url: string): Promise<Response> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    headers: { connection: "close" },
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

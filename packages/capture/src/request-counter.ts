/** How many requests a service has served so far, from its metrics page or its expvars. */
import { type Connection, type ConnectionOptions, openConnection } from "./connection.ts";
import { CaptureError } from "./errors.ts";
import { readExpvarCounter } from "./expvar.ts";
import { describePlace } from "./exchange.ts";
import { PrometheusReader } from "./prometheus-text.ts";
import type { PprofService } from "./probe.ts";
import { CaptureSession, type SessionOptions } from "./session.ts";
import { type HttpTarget, parseTarget } from "./target.ts";

/** Where the counter is. */
export interface RequestCounterOptions {
  /** The page: `/metrics`, `/debug/vars`, or any other. Both are tried when left out. */
  readonly path?: string;
  /** The metric family or the expvar, when it is not one of the common ones. */
  readonly metric?: string;
}

/** A counter of requests served. */
export interface RequestCounter {
  readonly value: number;
  readonly source: "prometheus" | "expvar";
  /** The metric family or variable that was read. */
  readonly name: string;
  /** What the metrics page says of the runtime, e.g. `go1.26.8`. */
  readonly runtimeVersion?: string;
}

const METRICS_BYTES_MAX = 64 * 1024 * 1024;
const EXPVAR_BYTES_MAX = 4 * 1024 * 1024;
const COUNTER_TIME_MS = 10_000;

/**
 * Reads the request counter of a service, with requests of its own.
 *
 * @throws {CaptureError} as {@link readSessionCounter}
 */
export async function readRequestCounter(
  target: string | HttpTarget | PprofService,
  counter: RequestCounterOptions = {},
  options: ConnectionOptions & SessionOptions = {},
): Promise<RequestCounter | undefined> {
  const connection = openCounterConnection(target, options);
  return await readSessionCounter(new CaptureSession(connection, {}, options), counter);
}

function openCounterConnection(
  target: string | HttpTarget | PprofService,
  options: ConnectionOptions,
): Connection {
  if (typeof target !== "string" && "connection" in target) return target.connection;
  const parsed = typeof target === "string" ? parseTarget(target) : target;
  if (parsed.kind === "http") return openConnection(parsed, options);
  const what = `${parsed.display} has no address of its own`;
  throw new CaptureError("WT_CAPTURE_TARGET_INVALID", what);
}

/**
 * Reads the request counter. Undefined when no path and no metric was named and the service has
 * none; Watertight's own requests are left out where the counter tells paths apart.
 *
 * @throws {CaptureError} `WT_CAPTURE_COUNTER_MISSING` when a named one is not there, and whatever
 * the exchange ends with
 */
export async function readSessionCounter(
  session: CaptureSession,
  options: RequestCounterOptions = {},
): Promise<RequestCounter | undefined> {
  const { path, metric } = options;
  if (path !== undefined) return await readNamedPage(session, path, metric);
  const counter =
    (await ifServed(readMetrics(session, "/metrics", metric))) ??
    (await ifServed(readExpvars(session, "/debug/vars", metric)));
  if (counter || metric === undefined) return counter;
  const what = `${metric} at ${session.connection.target.display}`;
  throw new CaptureError("WT_CAPTURE_COUNTER_MISSING", what);
}

async function readNamedPage(
  session: CaptureSession,
  path: string,
  metric: string | undefined,
): Promise<RequestCounter> {
  const isExpvar = path.endsWith("/vars") || path.endsWith(".json");
  const counter = await (isExpvar ? readExpvars : readMetrics)(session, path, metric);
  if (counter) return counter;
  const what = `${metric ?? "any"} at ${describePlace(session.connection, path)}`;
  throw new CaptureError("WT_CAPTURE_COUNTER_MISSING", what);
}

async function readMetrics(
  session: CaptureSession,
  path: string,
  metric: string | undefined,
): Promise<RequestCounter | undefined> {
  const reader = new PrometheusReader(metric);
  await session.fetch({
    path,
    sink: (chunk) => {
      reader.push(chunk);
    },
    limits: {
      wireBytesMax: METRICS_BYTES_MAX,
      inflatedBytesMax: METRICS_BYTES_MAX,
      totalMs: COUNTER_TIME_MS,
    },
  });
  const { counter, runtimeVersion } = reader.finish();
  if (!counter) return undefined;
  const version = runtimeVersion === undefined ? {} : { runtimeVersion };
  return { value: counter.value, source: "prometheus", name: counter.name, ...version };
}

async function readExpvars(
  session: CaptureSession,
  path: string,
  metric: string | undefined,
): Promise<RequestCounter | undefined> {
  const { body } = await session.fetchBytes({
    path,
    limits: {
      wireBytesMax: EXPVAR_BYTES_MAX,
      inflatedBytesMax: EXPVAR_BYTES_MAX,
      totalMs: COUNTER_TIME_MS,
    },
  });
  try {
    const found = readExpvarCounter(Buffer.from(body).toString("utf8"), metric);
    return found && { ...found, source: "expvar" };
  } catch {
    const what = `${describePlace(session.connection, path)} is not JSON`;
    throw new CaptureError("WT_CAPTURE_COUNTER_MISSING", what);
  }
}

/** A page that the service does not serve is no fault where nobody named it. */
async function ifServed<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (fault) {
    const code = fault instanceof CaptureError ? fault.code : undefined;
    const isAbsent =
      code === "WT_CAPTURE_NO_PPROF" ||
      code === "WT_CAPTURE_HTML" ||
      code === "WT_CAPTURE_COUNTER_MISSING" ||
      code === "WT_CAPTURE_REDIRECT_ELSEWHERE";
    if (isAbsent) return undefined;
    throw fault;
  }
}

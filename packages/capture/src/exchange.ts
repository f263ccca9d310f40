/** One HTTP exchange with a target that may be broken or hostile. */
import type { IncomingMessage } from "node:http";
import type { Connection } from "./connection.ts";
import { CaptureError } from "./errors.ts";
import { toCaptureError } from "./fault.ts";
import type { ExchangeLimits } from "./limits.ts";
import { receiveBody, type BodySink, type ReceivedBody } from "./receive-body.ts";
import { Watchdog } from "./watchdog.ts";

/** What to ask for and where its body goes. */
export interface ExchangeRequest {
  /** Absolute path with pprof's own query: `/debug/pprof/goroutine?debug=2`. */
  readonly path: string;
  /** Receives the body of a 2xx answer, piece by piece; a piece is only lent for the call. */
  readonly sink: BodySink;
  /** What an HTML answer means; an index page is HTML, a profile never is. */
  readonly pages?: "accepted" | "refused";
  readonly limits?: Partial<ExchangeLimits>;
}

/** What arrived. */
export interface ExchangeResult extends ReceivedBody {
  /** The path after redirects, without a query. */
  readonly path: string;
  readonly contentType: string;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a GET and streams the body of a 2xx answer into the sink. Redirects are followed within
 * the target's origin only; proxies of the environment are not used; every wait and size is
 * bounded by the connection's limits.
 *
 * @throws {CaptureError} for everything else than a 2xx answer that arrived whole. What the sink
 * was given before a failure is good.
 */
export async function exchange(
  connection: Connection,
  request: ExchangeRequest,
): Promise<ExchangeResult> {
  const limits = { ...connection.limits, ...request.limits };
  const where = describePlace(connection, request.path);
  const watchdog = new Watchdog(limits, connection.signal, where);
  try {
    const { response, path } = await followRedirects(connection, request.path, limits, watchdog);
    const body = await receiveBody(response, request, { where, limits, watchdog });
    const contentType = response.headers["content-type"] ?? "";
    return { ...body, path: path.split("?", 1)[0] ?? path, contentType };
  } catch (fault) {
    throw watchdog.failure ?? toCaptureError(fault, where);
  } finally {
    watchdog.close();
  }
}

/** A path of the target as it may be shown: never with the caller's own query parameters. */
export function describePlace(connection: Connection, path: string): string {
  const { socketPath, origin } = connection.target;
  return socketPath === undefined ? `${origin}${path}` : `unix:${socketPath}:${path}`;
}

async function followRedirects(
  connection: Connection,
  startPath: string,
  limits: ExchangeLimits,
  watchdog: Watchdog,
): Promise<{ response: IncomingMessage; path: string }> {
  let path = startPath;
  for (let hop = 0; hop <= limits.redirectsMax; hop++) {
    const response = await send(connection, path, limits, watchdog);
    const location = response.headers.location;
    if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) {
      return { response, path };
    }
    response.destroy();
    path = resolveRedirect(connection, path, location);
  }
  const what = `${describePlace(connection, startPath)}, ${limits.redirectsMax} followed`;
  throw new CaptureError("WT_CAPTURE_REDIRECT_LOOP", what);
}

function resolveRedirect(connection: Connection, path: string, location: string): string {
  const { origin } = connection.target;
  const next = URL.parse(location, `${origin}${path}`);
  if (next?.origin === origin) return `${next.pathname}${next.search}`;
  const place = next === null || next.origin === "null" ? "an unreadable address" : next.origin;
  const what = `${describePlace(connection, path)} points to ${place}`;
  throw new CaptureError("WT_CAPTURE_REDIRECT_ELSEWHERE", what);
}

async function send(
  connection: Connection,
  path: string,
  limits: ExchangeLimits,
  watchdog: Watchdog,
): Promise<IncomingMessage> {
  const { target, tls } = connection;
  const isTls = target.origin.startsWith("https:");
  const url = new URL(target.origin);
  const where = describePlace(connection, path);
  // Loaded when needed: node:http brings 15 MB along, which reading a file can do without.
  const { request: startRequest } = isTls ? await import("node:https") : await import("node:http");
  watchdog.enter("connect");
  return await new Promise((resolve, reject) => {
    const request = startRequest({
      method: "GET",
      path: withQuery(connection, path),
      headers: writeHeaders(connection, url),
      agent: false,
      maxHeaderSize: limits.headerBytesMax,
      ...(target.socketPath === undefined
        ? { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port || (isTls ? 443 : 80) }
        : { socketPath: target.socketPath }),
      ...(isTls ? tls() : {}),
    });
    // The listener stays: a fault after the answer must not end the process.
    request.on("error", reject);
    request.once("response", resolve);
    request.once("upgrade", (_, socket) => {
      socket.destroy();
      reject(new CaptureError("WT_CAPTURE_HTTP_INVALID", `${where} switches protocols`));
    });
    request.once("close", () => {
      reject(new CaptureError("WT_CAPTURE_CUT", where));
    });
    request.once("socket", (socket) => {
      socket.once(isTls ? "secureConnect" : "connect", () => {
        watchdog.enter("header");
      });
    });
    watchdog.guard(request);
    request.end();
  });
}

function withQuery(connection: Connection, path: string): string {
  const query = connection.target.query?.reveal();
  if (query === undefined) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}

function writeHeaders(connection: Connection, url: URL): Record<string, string> {
  const headers: Record<string, string> = {
    host: url.host,
    "user-agent": "watertight",
    accept: "*/*",
    "accept-encoding": "identity",
    connection: "close",
  };
  for (const [name, value] of connection.headers) headers[name] = value.reveal();
  return headers;
}

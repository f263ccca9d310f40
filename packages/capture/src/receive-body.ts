import type { IncomingMessage } from "node:http";
import { pipeline, type Readable, Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { CaptureError } from "./errors.ts";
import type { ExchangeLimits } from "./limits.ts";
import { readRefusal } from "./tasks/standstill-forecast.ts";
import type { Watchdog } from "./watchdog.ts";

/** Takes a piece of a body. The piece is only lent for the call. */
export type BodySink = (chunk: Uint8Array) => void | Promise<void>;

/** How much arrived. */
export interface ReceivedBody {
  /** Bytes given to the sink. */
  readonly bytes: number;
  /** Bytes on the wire. */
  readonly wireBytes: number;
}

/** What surrounds a body while it is received. */
interface BodyScope {
  readonly where: string;
  readonly limits: ExchangeLimits;
  readonly watchdog: Watchdog;
}

const ERROR_BODY_BYTES_MAX = 512;

/** Streams the body of a 2xx answer into the sink, or says what else came. */
export async function receiveBody(
  response: IncomingMessage,
  request: { readonly sink: BodySink; readonly pages?: "accepted" | "refused" },
  scope: BodyScope,
): Promise<ReceivedBody> {
  const { watchdog, limits, where } = scope;
  watchdog.enter("idle");
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) throw await explainStatus(response, status, where);
  const isPage = response.headers["content-type"]?.startsWith("text/html") ?? false;
  if (isPage && request.pages !== "accepted") {
    response.destroy();
    throw new CaptureError("WT_CAPTURE_HTML", where);
  }
  let bytes = 0;
  const { body, wire } = decodeEncoding(response, scope);
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limits.inflatedBytesMax) {
      throw new CaptureError(
        "WT_CAPTURE_INFLATED_TOO_LARGE",
        `${where}, ${limits.inflatedBytesMax} bytes`,
      );
    }
    await request.sink(chunk);
    watchdog.touch();
  }
  return { bytes, wireBytes: wire.bytes };
}

function decodeEncoding(
  response: IncomingMessage,
  scope: BodyScope,
): { body: Readable; wire: { bytes: number } } {
  const wire = { bytes: 0 };
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      wire.bytes += chunk.length;
      scope.watchdog.touch();
      const { wireBytesMax } = scope.limits;
      if (wire.bytes <= wireBytesMax) done(null, chunk);
      else {
        done(new CaptureError("WT_CAPTURE_TOO_LARGE", `${scope.where}, ${wireBytesMax} bytes`));
      }
    },
  });
  const inflater = createInflater(response, scope.where);
  // Faults reach the reader through the last stream, which pipeline destroys with them.
  const ignore = (): void => {};
  const body = inflater
    ? pipeline(response, meter, inflater, ignore)
    : pipeline(response, meter, ignore);
  return { body, wire };
}

function createInflater(response: IncomingMessage, where: string): Transform | undefined {
  const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  switch (encoding) {
    case "identity":
    case "":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      response.destroy();
      throw new CaptureError(
        "WT_CAPTURE_ENCODING",
        `${where} is encoded as ${printable(encoding)}`,
      );
  }
}

async function explainStatus(
  response: IncomingMessage,
  status: number,
  where: string,
): Promise<CaptureError> {
  if (status === 401) return end(response, new CaptureError("WT_CAPTURE_UNAUTHORIZED", where));
  if (status === 403) return end(response, new CaptureError("WT_CAPTURE_FORBIDDEN", where));
  const text = await readErrorText(response);
  if (status === 404) {
    const isPprof =
      response.headers["x-go-pprof"] !== undefined || text.includes("Unknown profile");
    return new CaptureError(isPprof ? "WT_CAPTURE_PROFILE_MISSING" : "WT_CAPTURE_NO_PPROF", where);
  }
  if (status === 400 && text.includes("HTTP request to an HTTPS server")) {
    return new CaptureError("WT_CAPTURE_TLS_EXPECTED", where);
  }
  const refusal = status === 503 ? readRefusal(text) : undefined;
  return refusal ?? new CaptureError("WT_CAPTURE_STATUS", `${where}, status ${status}`);
}

function end(response: IncomingMessage, error: CaptureError): CaptureError {
  response.destroy();
  return error;
}

/** The beginning of an error's body, for telling one error from another; never shown. */
async function readErrorText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= ERROR_BODY_BYTES_MAX) break;
  }
  return Buffer.concat(parts).toString("latin1", 0, ERROR_BODY_BYTES_MAX);
}

function printable(text: string): string {
  return text.slice(0, 40).replace(/[^\x20-\x7e]/g, "?");
}

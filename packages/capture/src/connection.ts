/** How a target is reached and what is presented to it. */
import { readFileSync } from "node:fs";
import type { SecureContextOptions } from "node:tls";
import { CaptureError } from "./errors.ts";
import { readFaultCode } from "./fault.ts";
import { DEFAULT_EXCHANGE_LIMITS, type ExchangeLimits } from "./limits.ts";
import { Secret } from "./secret.ts";
import type { HttpTarget } from "./target.ts";

/** What the caller may set. Files are PEM; nothing of them, nor any token, is ever shown. */
export interface ConnectionOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly bearerToken?: string;
  /** Name of the environment variable that holds the bearer token. */
  readonly bearerTokenEnv?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  readonly caFile?: string;
  /** The name that the target's certificate must carry, when it differs from the host. */
  readonly serverName?: string;
  /** `"insecure"` accepts any certificate; every capture taken so says it in its notes. */
  readonly tls?: "verified" | "insecure";
  readonly limits?: Partial<ExchangeLimits>;
  readonly signal?: AbortSignal;
  /** Where `bearerTokenEnv` is looked up; `process.env` by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** TLS settings, read and checked. */
export interface ConnectionTls extends SecureContextOptions {
  readonly rejectUnauthorized: boolean;
  readonly servername?: string;
}

/** A target together with everything that a request to it needs. */
export interface Connection {
  readonly target: HttpTarget;
  /** Values are secret until they are written to the wire. */
  readonly headers: ReadonlyMap<string, Secret>;
  /** A function, so that no log or inspection of a connection holds its key. */
  readonly tls: () => ConnectionTls;
  readonly limits: ExchangeLimits;
  readonly signal: AbortSignal | undefined;
  /** Sentences about this connection that belong into a capture's notes. */
  readonly notes: readonly string[];
}

const TOKEN_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const RESERVED = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "upgrade",
  "expect",
]);
const LOOPBACK = /^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/;

/**
 * Prepares a connection: reads the token and the PEM files, checks the headers. Sends nothing.
 *
 * @throws {CaptureError} `WT_CAPTURE_OPTION_INVALID`, `WT_CAPTURE_CREDENTIAL_MISSING`
 */
export function openConnection(target: HttpTarget, options: ConnectionOptions = {}): Connection {
  const headers = readHeaders(target, options);
  const tls = readTls(options);
  return {
    target,
    headers,
    tls: () => tls,
    limits: readLimits(options.limits ?? {}),
    signal: options.signal,
    notes: describeConnection(target, options, headers),
  };
}

function readHeaders(target: HttpTarget, options: ConnectionOptions): ReadonlyMap<string, Secret> {
  const headers = new Map<string, Secret>();
  if (target.authorization) headers.set("authorization", target.authorization);
  const token = readToken(options);
  if (token !== undefined) headers.set("authorization", new Secret(`Bearer ${token}`));
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    const key = name.toLowerCase();
    if (!TOKEN_NAME.test(name) || RESERVED.has(key)) {
      throw new CaptureError("WT_CAPTURE_OPTION_INVALID", `the header name ${name}`);
    }
    headers.set(key, new Secret(checkHeaderValue(value, `the header ${name}`)));
  }
  return headers;
}

function readToken(options: ConnectionOptions): string | undefined {
  if (options.bearerToken !== undefined) {
    return checkHeaderValue(options.bearerToken, "the bearer token");
  }
  const name = options.bearerTokenEnv;
  if (name === undefined) return undefined;
  const value = (options.env ?? process.env)[name]?.trim();
  if (value === undefined || value === "") {
    throw new CaptureError("WT_CAPTURE_CREDENTIAL_MISSING", `$${name} is not set`);
  }
  return checkHeaderValue(value, `$${name}`);
}

function checkHeaderValue(value: string, name: string): string {
  // oxlint-disable-next-line no-control-regex -- these are exactly what HTTP forbids
  if (/[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/.test(value)) {
    throw new CaptureError("WT_CAPTURE_OPTION_INVALID", `${name} has a character HTTP forbids`);
  }
  return value;
}

function readTls(options: ConnectionOptions): ConnectionTls {
  if ((options.certificateFile === undefined) !== (options.keyFile === undefined)) {
    const what = "a client certificate and its key go together";
    throw new CaptureError("WT_CAPTURE_OPTION_INVALID", what);
  }
  return {
    rejectUnauthorized: options.tls !== "insecure",
    ...(options.serverName === undefined ? {} : { servername: options.serverName }),
    ...(options.certificateFile === undefined ? {} : { cert: readPem(options.certificateFile) }),
    ...(options.keyFile === undefined ? {} : { key: readPem(options.keyFile) }),
    ...(options.caFile === undefined ? {} : { ca: readPem(options.caFile) }),
  };
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const what = `${path} (${readFaultCode(error) ?? "unreadable"})`;
    throw new CaptureError("WT_CAPTURE_CREDENTIAL_MISSING", what);
  }
}

function readLimits(overrides: Partial<ExchangeLimits>): ExchangeLimits {
  for (const [name, value] of Object.entries(overrides)) {
    if (!(value > 0) && !(name === "redirectsMax" && value === 0)) {
      throw new CaptureError("WT_CAPTURE_OPTION_INVALID", `${name} must be above 0`);
    }
  }
  return { ...DEFAULT_EXCHANGE_LIMITS, ...overrides };
}

function describeConnection(
  target: HttpTarget,
  options: ConnectionOptions,
  headers: ReadonlyMap<string, Secret>,
): readonly string[] {
  const notes: string[] = [];
  if (options.tls === "insecure" && target.origin.startsWith("https:")) {
    notes.push("The target's certificate was not checked (insecure mode).");
  }
  const isPlain = target.socketPath === undefined && target.origin.startsWith("http:");
  if (headers.has("authorization") && isPlain && !LOOPBACK.test(target.origin)) {
    notes.push("Credentials were sent over plain HTTP: anyone on the way can read them.");
  }
  return notes;
}

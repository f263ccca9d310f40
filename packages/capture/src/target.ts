/** What a capture can be taken from, and how people write it. */
import { statSync, type Stats } from "node:fs";
import { CaptureError } from "./errors.ts";
import { describeFault } from "./fault.ts";
import { Secret } from "./secret.ts";

/** A service that is reached over HTTP, on TCP or a unix socket. */
export interface HttpTarget {
  readonly kind: "http";
  /** Scheme, host and port: `https://api.internal:8443`. For a unix socket `http://localhost`. */
  readonly origin: string;
  /** The path prefix that was given, without a trailing slash; empty when there was none. */
  readonly prefix: string;
  readonly socketPath?: string;
  /** Value of the `Authorization` header that the URL's user and password ask for. */
  readonly authorization?: Secret;
  /** Query parameters of the URL that are not pprof's own, sent with every request. */
  readonly query?: Secret;
  /** What may be shown: no user, password or query. */
  readonly display: string;
}

/** A local process, whose listening ports are tried. */
export interface PidTarget {
  readonly kind: "pid";
  readonly pid: number;
  readonly display: string;
}

/** Saved captures. */
export interface PathTarget {
  readonly kind: "file" | "folder";
  readonly path: string;
  readonly display: string;
}

/** One capture on standard input. */
export interface StdinTarget {
  readonly kind: "stdin";
  readonly display: string;
}

export type Target = HttpTarget | PidTarget | PathTarget | StdinTarget;

const HOST_PORT = /^(\[[0-9a-fA-F:.%]+\]|[A-Za-z0-9_.-]*):(\d{1,5})(\/\S*)?$/;
const PID_MAX = 2 ** 22;
const PROFILE_NAMES =
  /\/(?:goroutine|goroutineleak|heap|allocs|threadcreate|block|mutex|profile|trace|cmdline|symbol)$/;
const PPROF_PARAMETERS = ["debug", "gc", "seconds"];

/**
 * Reads a target as a person writes it: a URL with or without a path, `host:port`, `:6060`,
 * `unix:/path.sock[:/prefix]`, a process id, a file, a folder, or `-`.
 * A URL of one profile (`…/debug/pprof/heap?debug=1`) stands for its pprof root.
 *
 * @throws {CaptureError} `WT_CAPTURE_TARGET_INVALID`, `WT_CAPTURE_FILE_UNREADABLE`
 */
export function parseTarget(text: string): Target {
  const trimmed = text.trim();
  if (trimmed === "") throw new CaptureError("WT_CAPTURE_TARGET_INVALID", "it is empty");
  if (trimmed === "-") return { kind: "stdin", display: "standard input" };
  if (trimmed.startsWith("unix:")) return parseUnixTarget(trimmed);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) return parseUrlTarget(trimmed);
  if (/^\d+$/.test(trimmed)) return parsePidTarget(trimmed);
  if (HOST_PORT.test(trimmed)) {
    return parseUrlTarget(`http://${trimmed.startsWith(":") ? "127.0.0.1" : ""}${trimmed}`);
  }
  return parsePathTarget(trimmed);
}

function parseUrlTarget(text: string): HttpTarget {
  const url = URL.parse(text);
  if (!url) throw new CaptureError("WT_CAPTURE_TARGET_INVALID", "the URL cannot be read");
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new CaptureError("WT_CAPTURE_TARGET_INVALID", `the scheme ${url.protocol} is not HTTP`);
  }
  const prefix = toPrefix(url.pathname);
  const query = readExtraQuery(url.searchParams);
  const authorization = readUserInfo(url);
  return {
    kind: "http",
    origin: url.origin,
    prefix,
    display: `${url.origin}${prefix}`,
    ...(query ? { query } : {}),
    ...(authorization ? { authorization } : {}),
  };
}

function parseUnixTarget(text: string): HttpTarget {
  const path = text.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
  const colon = path.indexOf(":/");
  const socketPath = colon === -1 ? path : path.slice(0, colon);
  if (socketPath === "") {
    throw new CaptureError("WT_CAPTURE_TARGET_INVALID", "unix: needs the path of a socket");
  }
  const prefix = colon === -1 ? "" : toPrefix(path.slice(colon + 1));
  return {
    kind: "http",
    origin: "http://localhost",
    prefix,
    socketPath,
    display: `unix:${socketPath}${prefix && `:${prefix}`}`,
  };
}

function parsePidTarget(text: string): PidTarget {
  const pid = Number(text);
  if (pid < 1 || pid > PID_MAX) {
    throw new CaptureError("WT_CAPTURE_TARGET_INVALID", `${text} is no process id`);
  }
  return { kind: "pid", pid, display: `process ${pid}` };
}

function parsePathTarget(text: string): PathTarget {
  const stats = readStats(text);
  if (stats?.isDirectory()) return { kind: "folder", path: text, display: text };
  if (stats?.isSocket()) {
    throw new CaptureError("WT_CAPTURE_TARGET_INVALID", `${text} is a socket, write unix:${text}`);
  }
  if (stats) return { kind: "file", path: text, display: text };
  if (/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(text)) {
    const what = `there is no file ${text}, and a service needs its port: ${text}:6060`;
    throw new CaptureError("WT_CAPTURE_TARGET_INVALID", what);
  }
  throw new CaptureError("WT_CAPTURE_FILE_UNREADABLE", `${text} does not exist`);
}

function readStats(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new CaptureError("WT_CAPTURE_FILE_UNREADABLE", describeFault(error));
  }
}

function toPrefix(pathname: string): string {
  return pathname.replace(/\/+$/, "").replace(PROFILE_NAMES, "");
}

function readExtraQuery(parameters: URLSearchParams): Secret | undefined {
  for (const name of PPROF_PARAMETERS) parameters.delete(name);
  const rest = parameters.toString();
  return rest === "" ? undefined : new Secret(rest);
}

function readUserInfo(url: URL): Secret | undefined {
  if (url.username === "" && url.password === "") return undefined;
  try {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return new Secret(`Basic ${Buffer.from(pair).toString("base64")}`);
  } catch {
    const what = "the URL's user or password has a % that encodes nothing";
    throw new CaptureError("WT_CAPTURE_TARGET_INVALID", what);
  }
}

/** Finding pprof: at which path it is served, and what it has. */
import { openConnection, type Connection, type ConnectionOptions } from "./connection.ts";
import { CaptureError, type CaptureErrorCode } from "./errors.ts";
import { describePlace } from "./exchange.ts";
import { findListeningPorts } from "./listening-ports.ts";
import {
  INDEX_BYTES_MAX,
  parsePprofIndex,
  type PprofIndex,
  readNodeVersion,
} from "./pprof-index.ts";
import { PrometheusReader } from "./prometheus-text.ts";
import { readVersionFromExecutable } from "./runtime-version.ts";
import { readAgentAddress } from "./tasks/agent-address.ts";
import { isNodeProcess } from "./tasks/node-process.ts";
import { CaptureSession, type SessionOptions } from "./session.ts";
import { type HttpTarget, parseTarget, type PidTarget } from "./target.ts";

/** A service that serves pprof. */
export interface PprofService {
  readonly connection: Connection;
  /** The target as it may be shown. */
  readonly display: string;
  /** Where pprof is served: `/debug/pprof`. */
  readonly root: string;
  /** Entries by profile, from the index page; undefined when only the handlers are mounted. */
  readonly profiles: PprofIndex | undefined;
  /** How many goroutines the index page counted. */
  readonly goroutines: number | undefined;
  /** e.g. `go1.26.8`, when the executable or the metrics page says it. */
  readonly runtimeVersion: string | undefined;
  readonly runtime: "go" | "node";
}

/** Options of {@link probe}. */
export interface ProbeOptions extends ConnectionOptions, SessionOptions {}

const COMMON_ROOTS = [
  "/debug/pprof",
  "/pprof",
  "/debug",
  "/internal/debug/pprof",
  "/admin/debug/pprof",
  "/api/debug/pprof",
  "/_debug/pprof",
];
/** Answers that mean "not at this path": the next one is tried. */
const ELSEWHERE: ReadonlySet<CaptureErrorCode> = new Set([
  "WT_CAPTURE_NO_PPROF",
  "WT_CAPTURE_PROFILE_MISSING",
  "WT_CAPTURE_HTML",
  "WT_CAPTURE_TOO_LARGE",
]);
const VERSION_BYTES_MAX = 256 * 1024;
const VERSION_TIME_MS = 3_000;
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/**
 * Finds a service's pprof, what it serves and what it runs on, with a few small requests.
 *
 * @throws {CaptureError} what stands in the way: `WT_CAPTURE_REFUSED`, `WT_CAPTURE_NO_PPROF`,
 * `WT_CAPTURE_HTML`, `WT_CAPTURE_UNAUTHORIZED`, …
 */
export async function probe(
  target: string | HttpTarget | PidTarget,
  options: ProbeOptions = {},
): Promise<PprofService> {
  const parsed = typeof target === "string" ? parseTarget(target) : target;
  if (parsed.kind === "pid") return await probeProcess(parsed, options);
  if (parsed.kind === "http") {
    return await probeSession(
      new CaptureSession(openConnection(parsed, options), {}, options),
      undefined,
    );
  }
  throw new CaptureError("WT_CAPTURE_TARGET_INVALID", `${parsed.display} is no running service`);
}

/** Probes within a capture's own session. A version that is known already is not asked for. */
export async function probeSession(
  session: CaptureSession,
  knownVersion: string | undefined,
): Promise<PprofService> {
  const { root, profiles, nodeVersion } = await findRoot(session);
  if (nodeVersion !== undefined) return describeNode(session, root, profiles, nodeVersion);
  const version = knownVersion === undefined ? await readMetricsVersion(session) : undefined;
  return {
    connection: session.connection,
    display: session.connection.target.display,
    root,
    profiles,
    goroutines: profiles?.get("goroutine"),
    runtimeVersion: knownVersion ?? version?.runtimeVersion,
    runtime: version?.runtime ?? "go",
  };
}

function describeNode(
  { connection }: CaptureSession,
  root: string,
  profiles: PprofIndex | undefined,
  nodeVersion: string,
): PprofService {
  return {
    connection,
    display: connection.target.display,
    root,
    profiles,
    goroutines: profiles?.get("goroutine"),
    runtimeVersion: `node ${nodeVersion}`,
    runtime: "node",
  };
}

/** Through the agent that a process announced, whose token is in its file. */
async function probeAgent(
  target: PidTarget,
  options: ProbeOptions,
): Promise<PprofService | undefined> {
  const address = await readAgentAddress(target.pid);
  if (!address) return undefined;
  const agent = parseTarget(address.url) as HttpTarget;
  const connection = openConnection(agent, { ...options, bearerToken: address.token });
  const service = await probeSession(new CaptureSession(connection, {}, options), undefined);
  return { ...service, display: `${target.display} (${agent.display})` };
}

const KNOCK_MS_MAX = 3_000;

/** What listens there may never answer, being no HTTP server or one that hangs. */
function hurry(options: ProbeOptions): ProbeOptions {
  const { limits = {} } = options;
  return { ...options, limits: { headerMs: KNOCK_MS_MAX, ...limits } };
}

async function probeProcess(target: PidTarget, options: ProbeOptions): Promise<PprofService> {
  const agent = await probeAgent(target, options).catch(() => undefined);
  if (agent) return agent;
  // Node serves no pprof of its own, and its ports are the service's: they are not knocked at.
  if (await isNodeProcess(target.pid)) {
    throw new CaptureError("WT_CAPTURE_PID_NO_AGENT", String(target.pid));
  }
  const ports = await findListeningPorts(target.pid);
  const version = await readVersionFromExecutable(`/proc/${target.pid}/exe`);
  let refusal: CaptureError | undefined;
  for (const { host, port } of ports) {
    for (const scheme of ["http", "https"]) {
      const candidate = parseTarget(`${scheme}://${host}:${port}`) as HttpTarget;
      const session = new CaptureSession(openConnection(candidate, hurry(options)), {}, options);
      try {
        const service = await probeSession(session, version);
        return {
          ...service,
          connection: openConnection(candidate, options),
          display: `${target.display} (${candidate.display})`,
        };
      } catch (fault) {
        if (!(fault instanceof CaptureError)) throw fault;
        refusal = keepTelling(refusal, fault);
        if (fault.code !== "WT_CAPTURE_TLS_EXPECTED") break;
      }
    }
  }
  throw refusal ?? new CaptureError("WT_CAPTURE_PID_NO_PORT", String(target.pid));
}

/** Of the refusals of several ports, the one that a person can act on. */
function keepTelling(
  known: CaptureError | undefined,
  fault: CaptureError,
): CaptureError | undefined {
  const isTelling =
    fault.code === "WT_CAPTURE_UNAUTHORIZED" ||
    fault.code === "WT_CAPTURE_FORBIDDEN" ||
    fault.code === "WT_CAPTURE_ABORTED" ||
    fault.code.startsWith("WT_CAPTURE_TLS_");
  return known ?? (isTelling ? fault : undefined);
}

interface PprofRoot {
  readonly root: string;
  readonly profiles: PprofIndex | undefined;
  /** Set when an agent of Node serves it. */
  readonly nodeVersion?: string;
}

async function findRoot(session: CaptureSession): Promise<PprofRoot> {
  const roots = listRoots(session.connection.target.prefix);
  let refusal: CaptureError | undefined;
  for (const root of roots) {
    const found = await tryElsewhere(() => readIndex(session, root));
    if (!(found instanceof CaptureError)) return found;
    refusal = preferPage(refusal, found);
  }
  for (const root of roots.slice(0, 2)) {
    const found = await tryElsewhere(() => readBareHandler(session, root));
    if (!(found instanceof CaptureError)) return found;
  }
  if (refusal?.code === "WT_CAPTURE_HTML") throw refusal;
  throw new CaptureError("WT_CAPTURE_NO_PPROF", session.connection.target.display);
}

function listRoots(prefix: string): readonly string[] {
  if (prefix === "") return COMMON_ROOTS;
  if (prefix.endsWith("/pprof")) return [prefix];
  return [prefix, `${prefix}/debug/pprof`, `${prefix}/pprof`];
}

async function readIndex(session: CaptureSession, root: string): Promise<PprofRoot> {
  const page = await session.fetchCheap({
    path: `${root}/`,
    pages: "accepted",
    limits: { wireBytesMax: INDEX_BYTES_MAX, inflatedBytesMax: INDEX_BYTES_MAX },
  });
  const html = Buffer.from(page.body).toString("utf8");
  const profiles = parsePprofIndex(html);
  const nodeVersion = readNodeVersion(html);
  if (profiles.size > 0) {
    const found = { root: page.path.replace(/\/+$/, ""), profiles };
    return nodeVersion === undefined ? found : { ...found, nodeVersion };
  }
  const isPage = page.contentType.startsWith("text/html");
  const where = describePlace(session.connection, page.path);
  throw new CaptureError(isPage ? "WT_CAPTURE_HTML" : "WT_CAPTURE_NO_PPROF", where);
}

/** Some services mount the profiles' handlers without the index page. */
async function readBareHandler(session: CaptureSession, root: string): Promise<PprofRoot> {
  const { body } = await session.fetchCheap({ path: `${root}/goroutine?debug=0` });
  if (body[0] === GZIP_MAGIC[0] && body[1] === GZIP_MAGIC[1]) return { root, profiles: undefined };
  throw new CaptureError("WT_CAPTURE_NO_PPROF", describePlace(session.connection, root));
}

async function tryElsewhere<T>(ask: () => Promise<T>): Promise<T | CaptureError> {
  try {
    return await ask();
  } catch (fault) {
    if (fault instanceof CaptureError && ELSEWHERE.has(fault.code)) return fault;
    throw fault;
  }
}

function preferPage(known: CaptureError | undefined, found: CaptureError): CaptureError {
  return known?.code === "WT_CAPTURE_HTML" ? known : found;
}

/** Ends an exchange early, once what it was for has been read. */
class EnoughRead extends Error {}

async function readMetricsVersion(
  session: CaptureSession,
): Promise<{ runtime: "go" | "node" | undefined; runtimeVersion: string | undefined }> {
  const reader = new PrometheusReader();
  try {
    await session.fetch({
      path: "/metrics",
      sink: (chunk) => {
        reader.push(chunk);
        if (reader.hasRuntimeVersion) throw new EnoughRead();
      },
      limits: { wireBytesMax: VERSION_BYTES_MAX, totalMs: VERSION_TIME_MS },
    });
  } catch {
    // The version is a courtesy: what stands in its way stands in nobody else's.
  }
  return reader.finish();
}

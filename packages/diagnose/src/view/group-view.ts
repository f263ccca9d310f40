/** One group of goroutines, read once: what it waits for, where it is stuck, whose request it belongs to. */
import type { Frame, GoroutineGroup } from "@watertight/profile";
import type { FrameOrigins } from "../stack/frame-origin.ts";
import { normaliseFunctionName } from "../stack/function-name.ts";
import { groupKey } from "../stack/group-key.ts";
import { waitOf, type Wait } from "./wait.ts";

/** A group with everything that rules ask about it. */
export interface GroupView {
  readonly group: GoroutineGroup;
  readonly key: string;
  readonly wait: Wait;
  /** Normalised function names, parallel to `group.frames`. */
  readonly functions: readonly string[];
  /** Index of the first frame that is the service's own, or -1. */
  readonly siteIndex: number;
  /** Index of the outermost frame that is the service's own, or -1: the body of the goroutine. */
  readonly bodyIndex: number;
  /** The first frame that is the service's own. */
  readonly site: Frame | undefined;
  /** True for the goroutine that runs `main.main`. */
  readonly isMain: boolean;
  /** True for goroutines of the runtime and the profiler itself. */
  readonly isSystem: boolean;
  /** The function of a server that called into the service, when this goroutine serves a request. */
  readonly serves: string | undefined;
  /** True while a handler runs in it, the service's own or a library's. */
  readonly handles: boolean;
  /** True for a server's goroutine that waits for its client's next request. */
  readonly isIdleConnection: boolean;
}

/** The functions of servers under which a request's handler runs. */
const SERVER_FUNCTIONS: ReadonlySet<string> = new Set([
  "net/http.(*conn).serve",
  "net/http.(*http2serverConn).runHandler",
  "net/http/internal/http2.(*serverConn).runHandler",
  "golang.org/x/net/http2.(*serverConn).runHandler",
  "google.golang.org/grpc.(*Server).handleStream",
  "google.golang.org/grpc/internal/transport.(*http2Server).HandleStreams",
  "github.com/valyala/fasthttp.(*workerPool).workerFunc",
  "net/rpc.(*service).call",
]);

const CONNECTION_FUNCTIONS: ReadonlySet<string> = new Set([
  "net/http.(*conn).serve",
  "github.com/valyala/fasthttp.(*workerPool).workerFunc",
]);

const SYSTEM_FUNCTION =
  /^(?:os\/signal\.(?:loop|signal_recv)|runtime\/(?:pprof|trace|debug)\.|net\/http\/pprof\.|testing\.)/;

/** Reads one group. */
export function viewGroup(group: GoroutineGroup, origins: FrameOrigins): GroupView {
  const functions = group.frames.map((frame) => normaliseFunctionName(frame.function));
  const siteIndex = group.frames.findIndex((frame) => origins.isApp(frame));
  const serves = functions.find((name) => SERVER_FUNCTIONS.has(name));
  const isMain =
    (functions.includes("main.main") && group.createdBy === undefined) || isTopLevel(group);
  return {
    group,
    key: groupKey(group),
    wait: waitOf(group, functions),
    functions,
    siteIndex,
    bodyIndex: group.frames.findLastIndex((frame) => origins.isApp(frame)),
    site: group.frames[siteIndex],
    isMain,
    isSystem: isSystem(group, functions, siteIndex, origins),
    serves: siteIndex >= 0 ? serves : undefined,
    handles: functions.includes("net/http.serverHandler.ServeHTTP"),
    isIdleConnection: siteIndex < 0 && functions.some((name) => CONNECTION_FUNCTIONS.has(name)),
  };
}

/** The top level of a module of Node that awaits: it has no name and is held by its module. */
function isTopLevel({ state, count, frames, waker }: GoroutineGroup): boolean {
  const outermost = frames.at(-1);
  if (state !== "await" || count !== 1 || outermost?.function !== "(anonymous)") return false;
  return outermost.line === 1 || /ModuleWrap/.test(waker ?? "");
}

function isSystem(
  group: GoroutineGroup,
  functions: readonly string[],
  siteIndex: number,
  origins: FrameOrigins,
): boolean {
  if (group.state === "await" || group.state === "yield") return false;
  if (functions.some((name) => SYSTEM_FUNCTION.test(name)))
    return siteIndex < 0 || !isTestBody(functions);
  return group.frames.every((frame) => origins.of(frame) === "runtime") && siteIndex < 0;
}

/** A goroutine of `go test` that runs the test's own code is judged like any other. */
function isTestBody(functions: readonly string[]): boolean {
  return functions.includes("testing.tRunner");
}

/** True while a goroutine waits for a mutex, of any kind. */
export function isLockWait(view: GroupView): boolean {
  return view.wait === "mutex" || view.wait === "rwmutex read" || view.wait === "rwmutex write";
}

/** Timers, sockets, servers, watchers, workers, children: what the event loop holds for a scope. */
import { createHook } from "node:async_hooks";
import { currentOrigin, currentScope } from "../current-scope.ts";
import { nextMoment, type Scope } from "../scope.ts";
import type { Trace } from "../trace.ts";
import { originOfResumed } from "./awaits.ts";
import { isIdleConnection, ownerOfHandle } from "./idle-connection.ts";
import type { Watch } from "./watch.ts";

/** What a handle is for, in a person's words. */
export type HandleKind =
  | "timer"
  | "immediate"
  | "socket"
  | "server"
  | "pipe"
  | "UDP socket"
  | "file watcher"
  | "child process"
  | "worker"
  | "message port"
  | "signal handler"
  | "terminal";

const KINDS: ReadonlyMap<string, HandleKind> = new Map([
  ["Timeout", "timer"],
  ["Immediate", "immediate"],
  ["TCPWRAP", "socket"],
  ["TCPSERVERWRAP", "server"],
  ["PIPEWRAP", "pipe"],
  ["PIPESERVERWRAP", "server"],
  ["UDPWRAP", "UDP socket"],
  ["FSEVENTWRAP", "file watcher"],
  ["STATWATCHER", "file watcher"],
  ["PROCESSWRAP", "child process"],
  ["WORKER", "worker"],
  ["MESSAGEPORT", "message port"],
  ["SIGNALWRAP", "signal handler"],
  ["TTYWRAP", "terminal"],
]);

/** One handle that the runtime has not destroyed. */
export interface HandleRecord {
  readonly scope: Scope;
  readonly kind: HandleKind;
  readonly trace: Trace | undefined;
  /** Where it was asked for, when it was opened in a later turn. */
  readonly asked: Trace | undefined;
  /** Where the function that was resumed last suspended first. */
  readonly origin: Trace | undefined;
  readonly resource: WeakRef<object>;
  readonly moment: number;
}

const handles = new Map<number, HandleRecord>();

function noteHandle(asyncId: number, type: string, _trigger: number, resource: object): void {
  const kind = KINDS.get(type);
  if (kind === undefined) return;
  const scope = currentScope();
  if (scope === undefined) return;
  const trace = scope.budget.take(noteHandle);
  handles.set(asyncId, {
    scope,
    kind,
    trace,
    asked: currentOrigin(),
    origin: originOfResumed(scope),
    resource: new WeakRef(resource),
    moment: nextMoment(),
  });
}

/** The living handles of a scope, oldest first. Connections that wait in a pool are in order. */
export function livingHandles(scope: Scope): readonly HandleRecord[] {
  return [...handles.values()].filter(
    (record) => record.scope === scope && record.resource.deref() !== undefined && !isIdle(record),
  );
}

/** Whether a timer or handle keeps the process alive. */
export function holdsProcess(record: HandleRecord): boolean {
  const resource: { hasRef?: () => boolean } | undefined = record.resource.deref();
  return resource?.hasRef?.() ?? true;
}

/** Whether a timer comes again by itself. */
export function repeats(record: HandleRecord): boolean {
  const timer: { _repeat?: unknown } | undefined = record.resource.deref();
  return typeof timer?._repeat === "number";
}

function isIdle({ kind, resource, scope }: HandleRecord): boolean {
  if (kind !== "socket" && kind !== "pipe") return false;
  const socket = ownerOfHandle(resource.deref());
  return socket !== undefined && isIdleConnection(socket) && !isOwnAgents(socket, scope);
}

/** A pool that the scope made itself serves nobody else. */
function isOwnAgents(socket: object, scope: Scope): boolean {
  return [...scope.agents].some((agent) =>
    Object.values(agent.deref()?.freeSockets ?? {}).some((sockets) =>
      sockets?.some((free) => (free as object) === socket && !free.destroyed),
    ),
  );
}

/** Lets go of what a closed scope left. */
export function dropHandles(scope: Scope): void {
  for (const [asyncId, record] of handles) if (record.scope === scope) handles.delete(asyncId);
}

export const handleWatch: Watch = {
  install() {
    const hook = createHook({
      init: noteHandle,
      destroy: (asyncId) => void handles.delete(asyncId),
      // Node 24 and later need not be asked about every promise; earlier ones ignore this.
      ...({ trackPromises: false } as object),
    }).enable();
    return () => {
      hook.disable();
      handles.clear();
    };
  },
};

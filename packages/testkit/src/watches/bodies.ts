/**
 * Responses whose body nobody read or cancelled: their connection never returns to its pool.
 * undici (and so fetch) and node:http publish what they do on diagnostics channels.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import { currentOrigin, currentScope, runFrom } from "../current-scope.ts";
import { nextMoment, type Scope } from "../scope.ts";
import type { Trace } from "../trace.ts";
import { isOlder } from "./births.ts";
import type { Watch } from "./watch.ts";

/** A request whose response is on its way or arrived. */
export interface BodyRecord {
  readonly client: "undici" | "http";
  /** e.g. `GET http://127.0.0.1:8080/orders`, without its query. */
  readonly request: string;
  readonly trace: Trace | undefined;
  readonly moment: number;
  /** Whether a response arrived whose body still waits. */
  isUnread(): boolean;
}

interface UndiciRequest {
  readonly method?: string;
  readonly origin?: string | URL;
  readonly path?: string;
  readonly aborted?: boolean;
}

interface UndiciRecord extends BodyRecord {
  readonly scope: Scope;
  hasHeaders: boolean;
}

const undiciRequests = new Map<object, UndiciRecord>();

/** The bodies of a scope that wait to be read, oldest first. */
export function unreadBodies(scope: Scope): readonly BodyRecord[] {
  return [...scope.bodies].filter((record) => record.isUnread());
}

function noteUndiciRequest(message: unknown): void {
  const scope = currentScope();
  if (scope === undefined) return;
  const { request } = message as { request: UndiciRequest };
  const record: UndiciRecord = {
    scope,
    client: "undici",
    request: `${request.method ?? "GET"} ${String(request.origin ?? "")}${withoutQuery(request.path)}`,
    trace: currentOrigin() ?? scope.budget.take(noteUndiciRequest),
    moment: nextMoment(),
    hasHeaders: false,
    isUnread: () => record.hasHeaders && request.aborted !== true,
  };
  undiciRequests.set(request, record);
  scope.bodies.add(record);
}

function noteUndiciHeaders(message: unknown): void {
  const record = undiciRequests.get((message as { request: object }).request);
  if (record !== undefined) record.hasHeaders = true;
}

function forgetUndiciRequest(message: unknown): void {
  const { request } = message as { request: object };
  const record = undiciRequests.get(request);
  if (record === undefined) return;
  undiciRequests.delete(request);
  record.scope.bodies.delete(record);
}

function withoutQuery(path: string | undefined): string {
  return (path ?? "").split("?")[0] as string;
}

function noteHttpRequest(message: unknown): void {
  const scope = currentScope();
  if (scope === undefined) return;
  const { request } = message as { request: ClientRequest & { res?: IncomingMessage | null } };
  const record: BodyRecord = {
    client: "http",
    request: `${request.method} ${request.protocol}//${request.host}${withoutQuery(request.path)}`,
    trace: scope.budget.take(noteHttpRequest),
    moment: nextMoment(),
    isUnread: () => isWaiting(request.res) && !request.destroyed,
  };
  scope.bodies.add(record);
  noteAgent(scope, request);
  request.once("close", () => void scope.bodies.delete(record));
}

function noteAgent(scope: Scope, { agent }: ClientRequest & { readonly agent?: Agent }): void {
  if (agent === undefined || typeof agent !== "object" || isOlder(agent, scope)) return;
  const isKnown = [...scope.agents].some((known) => known.deref() === agent);
  if (!isKnown) scope.agents.add(new WeakRef(agent));
}

function isWaiting(response: IncomingMessage | null | undefined): boolean {
  if (response === undefined || response === null || response.destroyed || response.readableEnded)
    return false;
  return !(response.complete && response.readableFlowing === true);
}

const channels: readonly (readonly [string, (message: unknown) => void])[] = [
  ["undici:request:create", noteUndiciRequest],
  ["undici:request:headers", noteUndiciHeaders],
  ["undici:request:trailers", forgetUndiciRequest],
  ["undici:request:error", forgetUndiciRequest],
  ["http.client.request.created", noteHttpRequest],
];

/** fetch starts its request in a later turn, so the caller's stack travels with it. */
function watchFetch(): () => void {
  const { fetch: original } = globalThis;
  if (typeof original !== "function") return () => undefined;
  const watched = Object.assign(function fetch(...args: Parameters<typeof original>) {
    const scope = currentScope();
    if (scope === undefined) return original(...args);
    return runFrom(scope.budget.take(fetch), () => original(...args));
  }, original);
  globalThis.fetch = watched;
  return () => {
    if (globalThis.fetch === watched) globalThis.fetch = original;
  };
}

export const bodyWatch: Watch = {
  install() {
    for (const [channel, listener] of channels) subscribe(channel, listener);
    const unwatchFetch = watchFetch();
    return () => {
      unwatchFetch();
      for (const [channel, listener] of channels) unsubscribe(channel, listener);
      undiciRequests.clear();
    };
  },
};

/** Lets go of what a closed scope left. */
export function dropBodies(scope: Scope): void {
  for (const [request, record] of undiciRequests) {
    if (record.scope === scope) undiciRequests.delete(request);
  }
}

/**
 * Responses whose body nobody read or cancelled: their connection never returns to its pool.
 * undici (and so fetch) and node:http publish what they do on diagnostics channels.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import { currentOrigin, currentScope, runFrom } from "../current-scope.ts";
import { watchedRealms } from "../realm.ts";
import { nextMoment, type Scope } from "../scope.ts";
import type { Trace } from "../trace.ts";
import { originOfResumed } from "./awaits.ts";
import { isOlder } from "./births.ts";
import type { Watch } from "./watch.ts";

/** A request whose response is on its way or arrived. */
export interface BodyRecord {
  readonly client: "undici" | "http";
  /** e.g. `GET http://127.0.0.1:8080/orders`, without its query. */
  readonly request: string;
  readonly trace: Trace | undefined;
  readonly origin: Trace | undefined;
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
  isRescued: boolean;
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
    origin: originOfResumed(scope),
    moment: nextMoment(),
    hasHeaders: false,
    isRescued: false,
    isUnread: () => record.hasHeaders && (record.isRescued || request.aborted !== true),
  };
  undiciRequests.set(request, record);
  scope.bodies.add(record);
}

function noteUndiciHeaders(message: unknown): void {
  const record = undiciRequests.get((message as { request: object }).request);
  if (record !== undefined) record.hasHeaders = true;
}

/** undici cancels an unread body when its response is collected; that nobody read it stays true. */
const RESCUED = /garbage collected/;

function noteUndiciError(message: unknown): void {
  const { request, error } = message as { request: object; error?: unknown };
  const record = undiciRequests.get(request);
  if (record === undefined) return;
  record.isRescued ||= typeof error === "string" && RESCUED.test(error);
  if (!record.isRescued) forgetUndiciRequest(message);
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
    origin: originOfResumed(scope),
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
  ["undici:request:error", noteUndiciError],
  ["http.client.request.created", noteHttpRequest],
];

type Fetch = typeof globalThis.fetch;

/** fetch starts its request in a later turn, so the caller's stack travels with it. */
function watchFetch(globals: { fetch?: Fetch }): () => void {
  const { fetch: original } = globals;
  if (typeof original !== "function") return () => undefined;
  const watched = Object.assign(function fetch(...args: Parameters<Fetch>) {
    const scope = currentScope();
    if (scope === undefined) return original(...args);
    return runFrom(scope.budget.take(fetch), () => original(...args));
  }, original);
  globals.fetch = watched;
  return () => {
    if (globals.fetch === watched) globals.fetch = original;
  };
}

export const fetchWatch: Watch = {
  install() {
    const undo = watchedRealms().map((realm) => watchFetch(realm as { fetch?: Fetch }));
    return () => {
      for (const revert of undo) revert();
    };
  },
};

export const bodyWatch: Watch = {
  install() {
    for (const [channel, listener] of channels) subscribe(channel, listener);
    return () => {
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

/**
 * Which request a suspended task belongs to. Every request of `node:http` gets a store in an
 * `AsyncLocalStorage` of the agent's own, which the task profile finds on the heap; what costs
 * more than that is only done when it is asked for.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { templatePath } from "./path-template.ts";
import { type VanishedRequest, VanishedRequests } from "./vanished-requests.ts";

/**
 * `auto`: requests are counted, and from Node 24 on one in {@link NAMED_ONE_IN} is named, which
 * is enough to see where a leak comes from. `on`: every request is named, and those that vanish
 * or outlive their client are told.
 */
export type RequestTracking = "off" | "auto" | "on";

/** Naming each request costs several percent of a handler that does nothing. */
const NAMED_ONE_IN = 16;

/** What is known of the requests of this process. */
export interface RequestRegistry {
  /** Requests that came so far. */
  readonly started: number;
  /** Requests that were never answered and of which nothing is left. */
  vanished(): readonly VanishedRequest[];
  close(): void;
}

interface RequestMessage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

/** Its names are what the profile reads off the heap as labels. */
class RequestStore {
  readonly method: string;
  readonly path: string;
  abortedAt: string | undefined;

  constructor(method: string, path: string) {
    this.method = method;
    this.path = path;
    this.abortedAt = undefined;
  }
}

const NATIVE_CONTEXT_MAJOR = 24;
const START = "http.server.request.start";

/** Starts watching requests. */
export function openRequestRegistry(
  tracking: RequestTracking,
  ownServer: Server | undefined,
): RequestRegistry {
  if (tracking === "off") return { started: 0, vanished: () => [], close: () => {} };
  const isOn = tracking === "on";
  const isCheap = Number.parseInt(process.versions.node, 10) >= NATIVE_CONTEXT_MAJOR;
  const storage = isOn || isCheap ? new AsyncLocalStorage<RequestStore>() : undefined;
  const vanished = isOn ? new VanishedRequests() : undefined;
  const namedOneIn = isOn ? 1 : NAMED_ONE_IN;
  let started = 0;

  const onStart = (message: unknown): void => {
    const { request, response, server } = message as RequestMessage;
    if (server === ownServer) return;
    started++;
    if (storage === undefined || started % namedOneIn !== 0) return;
    const store = new RequestStore(request.method ?? "", templatePath(request.url ?? ""));
    storage.enterWith(store);
    if (vanished === undefined) return;
    vanished.add(response, store);
    response.once("close", () => {
      if (response.writableFinished) vanished.remove(response);
      else store.abortedAt = String(Date.now());
    });
  };
  subscribe(START, onStart);
  return {
    get started() {
      return started;
    },
    vanished: () => vanished?.list() ?? [],
    close() {
      unsubscribe(START, onStart);
      storage?.disable();
    },
  };
}

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
 * `auto`: requests are counted and, from Node 24 on, named. `on`: also on Node 22, where naming
 * is paid for on every promise, and requests that vanish or outlive their client are told.
 */
export type RequestTracking = "off" | "auto" | "on";

/** What is known of the requests of this process. */
export interface RequestRegistry {
  /** Requests answered so far. */
  readonly answered: number;
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
const FINISH = "http.server.response.finish";

/** Starts watching requests. */
export function openRequestRegistry(
  tracking: RequestTracking,
  ownServer: Server | undefined,
): RequestRegistry {
  if (tracking === "off") return { answered: 0, vanished: () => [], close: () => {} };
  const isOn = tracking === "on";
  const isCheap = Number.parseInt(process.versions.node, 10) >= NATIVE_CONTEXT_MAJOR;
  const storage = isOn || isCheap ? new AsyncLocalStorage<RequestStore>() : undefined;
  const vanished = isOn ? new VanishedRequests() : undefined;
  let answered = 0;

  const onStart = (message: unknown): void => {
    const { request, response, server } = message as RequestMessage;
    if (storage === undefined || server === ownServer) return;
    const store = new RequestStore(request.method ?? "", templatePath(request.url ?? ""));
    storage.enterWith(store);
    if (vanished === undefined) return;
    vanished.add(response, store);
    response.once("close", () => {
      if (!response.writableFinished) store.abortedAt = String(Date.now());
    });
  };
  const onFinish = (message: unknown): void => {
    const { response, server } = message as RequestMessage;
    if (server === ownServer) return;
    answered++;
    vanished?.remove(response);
  };
  if (storage !== undefined) subscribe(START, onStart);
  subscribe(FINISH, onFinish);
  return {
    get answered() {
      return answered;
    },
    vanished: () => vanished?.list() ?? [],
    close() {
      unsubscribe(START, onStart);
      unsubscribe(FINISH, onFinish);
      storage?.disable();
    },
  };
}

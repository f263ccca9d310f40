/**
 * Which request a suspended task belongs to. Every request of `node:http` gets a store in an
 * `AsyncLocalStorage` of the agent's own, which the task profile finds on the heap; what costs
 * more than that is only done when it is asked for.
 */
import { AsyncLocalStorage, createHook } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { templatePath } from "./path-template.ts";
import { type VanishedRequest, VanishedRequests } from "./vanished-requests.ts";

/**
 * `auto`: requests are counted, and from Node 24 on some are named: all of them where they are
 * few, about {@link NAMED_PER_SECOND} where they are many, which is enough to see where a leak
 * comes from. `on`: every request is named, and those that vanish or outlive their client are told.
 */
export type RequestTracking = "off" | "auto" | "on";

/** Naming each request costs several percent of a handler that does nothing. */
const NAMED_PER_SECOND = 200;

/** What a request is called. Its names are what the profile reads off the heap as labels. */
export interface RequestName {
  readonly method: string;
  readonly path: string;
}

/** Is told in which request the code runs that runs from now on; undefined where it is in none. */
type EnterRequest = (request: RequestName | undefined) => void;

/** How whoever is told can know which code it is told of. */
type RequestContexts =
  /** It keeps what it is told with V8's own async context, which follows each `await` by itself. */
  | "native"
  /** It has to be told again with each piece of code that runs. */
  | "told"
  | "none";

/** What is known of the requests of this process. */
export interface RequestRegistry {
  /** Requests that came so far. */
  readonly started: number;
  /** Requests that were never answered and of which nothing is left. */
  vanished(): readonly VanishedRequest[];
  readonly contexts: RequestContexts;
  /** Names every request to `enter` for a while; the result ends it. */
  follow(enter: EnterRequest): () => void;
  close(): void;
}

interface RequestMessage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

class RequestStore implements RequestName {
  readonly method: string;
  readonly path: string;
  abortedAt: string | undefined;

  constructor(method: string, path: string) {
    this.method = method;
    this.path = path;
    this.abortedAt = undefined;
  }
}

const START = "http.server.request.start";

const NONE: RequestRegistry = {
  started: 0,
  vanished: () => [],
  contexts: "none",
  follow: () => () => {},
  close: () => {},
};

/** Starts watching requests. */
export function openRequestRegistry(
  tracking: RequestTracking,
  ownServer: Server | undefined,
): RequestRegistry {
  if (tracking === "off") return NONE;
  const isOn = tracking === "on";
  const isNative = hasNativeContexts();
  const storage = isOn || isNative ? new AsyncLocalStorage<RequestStore>() : undefined;
  const vanished = isOn ? new VanishedRequests() : undefined;
  const isNamed = isOn ? () => true : nameSome();
  let started = 0;
  let follower: EnterRequest | undefined;

  const onStart = (message: unknown): void => {
    const { request, response, server } = message as RequestMessage;
    if (server === ownServer) return;
    started++;
    if (storage === undefined) return;
    if (!isNamed() && follower === undefined) return;
    const store = new RequestStore(request.method ?? "", templatePath(request.url ?? ""));
    storage.enterWith(store);
    follower?.(store);
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
    contexts: storage === undefined ? "none" : isNative ? "native" : "told",
    follow(enter) {
      follower = enter;
      const hook = createHook({ before: () => enter(storage?.getStore()) });
      if (storage !== undefined && !isNative) hook.enable();
      return () => {
        follower = undefined;
        hook.disable();
      };
    },
    close() {
      unsubscribe(START, onStart);
      storage?.disable();
    },
  };
}

const SPACING_MS = 1000 / NAMED_PER_SECOND;
const STRIDE_MAX = 4096;

/**
 * Chooses requests so that they are {@link SPACING_MS} apart or so: of every one, of every second,
 * of every fourth, as they come. The clock is only read for those that are chosen.
 */
function nameSome(): () => boolean {
  let stride = 1;
  let untilNext = 1;
  let lastMs = performance.now();
  return () => {
    if (--untilNext > 0) return false;
    const nowMs = performance.now();
    const isTooSoon = nowMs - lastMs < SPACING_MS;
    stride = isTooSoon ? Math.min(STRIDE_MAX, stride * 2) : Math.max(1, stride >> 1);
    untilNext = stride;
    lastMs = nowMs;
    return true;
  };
}

const NATIVE_CONTEXT_MAJOR = 24;
const NO_NATIVE_CONTEXT = "--no-async-context-frame";

/** Whether `AsyncLocalStorage` is V8's own, which costs nothing while nothing is stored. */
function hasNativeContexts(): boolean {
  const major = Number.parseInt(process.versions.node, 10);
  const flags = `${process.execArgv.join(" ")} ${process.env["NODE_OPTIONS"] ?? ""}`;
  return major >= NATIVE_CONTEXT_MAJOR && !flags.includes(NO_NATIVE_CONTEXT);
}

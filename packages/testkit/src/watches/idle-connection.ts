/** Connections that wait in a pool for their next request: open on purpose. */

interface MaybeSocket {
  readonly destroyed?: boolean;
  readonly _httpMessage?: unknown;
  readonly server?: unknown;
  readonly parser?: unknown;
  listenerCount?(event: string): number;
}

/** The socket that a native handle belongs to. */
export function ownerOfHandle(handle: object | undefined): object | undefined {
  if (handle === undefined) return undefined;
  const owner = symbolValue(handle, "owner_symbol");
  return typeof owner === "object" && owner !== null ? owner : undefined;
}

/** Whether a connection waits in a pool of node:http or undici, or on a server for its next request. */
export function isIdleConnection(owner: object): boolean {
  const socket = owner as MaybeSocket;
  if (socket.destroyed === true) return true;
  const client = undiciClient(owner);
  if (client !== undefined) return symbolValue(client, "running") === 0;
  const inAgent = (socket.listenerCount?.("agentRemove") ?? 0) > 0;
  // Sockets of a server keep-alive: whoever sent the last request answers for them.
  const inServer = socket.server !== undefined && socket.server !== null;
  return (inAgent || inServer) && (socket._httpMessage ?? null) === null;
}

/** Whether a response of node:http arrived over the connection and waits: its body is watched by itself. */
export function carriesResponse(owner: object): boolean {
  const { _httpMessage: request } = owner as { _httpMessage?: { res?: unknown } | null };
  return (request?.res ?? null) !== null;
}

/** Whether it is one of the process's own three streams, which the runtime opens at their first use. */
export function isStandardStream(owner: object): boolean {
  return (owner as { _isStdio?: boolean; fd?: number })._isStdio === true;
}

/** Whether undici owns the connection; its requests and bodies are watched by themselves. */
export function isUndiciConnection(owner: object): boolean {
  return undiciClient(owner) !== undefined;
}

function undiciClient(socket: object): object | undefined {
  const client = symbolValue(socket, "client");
  if (typeof client !== "object" || client === null) return undefined;
  return symbolValue(client, "running") === undefined ? undefined : client;
}

/** A property by its symbol's description, on the object or what it inherits from. */
export function symbolValue(object: object, description: string): unknown {
  let holder: object | null = object;
  while (holder !== null && holder !== Object.prototype) {
    for (const symbol of Object.getOwnPropertySymbols(holder)) {
      if (symbol.description === description) return Reflect.get(object, symbol, object);
    }
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return undefined;
}

/** A bare `node:http` server in this process, with a client of its own process that keeps it busy. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

export interface LoadedServer {
  /** Resolves when so many more requests have been answered. */
  answer(count: number): Promise<void>;
  stop(): void;
}

const client = fileURLToPath(new URL("contestants/http-load.mjs", import.meta.url));

export interface Load {
  readonly connections: number;
  /** Requests on the way at any time on each connection. */
  readonly atOnce: number;
}

/** Starts both. */
export async function startLoadedServer(
  handle: RequestListener,
  { connections, atOnce }: Load,
): Promise<LoadedServer> {
  let left = 0;
  let wake: (() => void) | undefined;
  const server = createServer((request, response) => {
    handle(request, response);
    if (--left === 0) wake?.();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const load = spawn(process.execPath, [client, ...[port, atOnce, connections].map(String)]);
  return {
    answer: (count) =>
      new Promise((resolve) => {
        left = count;
        wake = resolve;
      }),
    stop() {
      load.kill();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Real servers on 127.0.0.1 for the suites of this room. */
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type HttpTarget, parseTarget } from "../src/target.ts";

export interface LocalServer {
  readonly target: HttpTarget;
  readonly port: number;
  /** Paths of the requests so far, with their queries. */
  readonly requests: readonly string[];
}

/** Starts an HTTP server for one test; it is closed when the test ends. */
export async function serveHttp(listener: RequestListener): Promise<LocalServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    listener(request, response);
  });
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { target: parseTarget(`127.0.0.1:${port}`) as HttpTarget, port, requests };
}

/** Starts a TCP server for one test, which speaks whatever `onSocket` writes. */
export async function serveTcp(onSocket: (socket: Socket) => void): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", (head) => {
      requests.push(head.toString("latin1").split(" ")[1] ?? "");
      onSocket(socket);
    });
  });
  const port = await listen(server as unknown as Server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { target: parseTarget(`127.0.0.1:${port}`) as HttpTarget, port, requests };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** The service that bodies talk to. It is older than every body. */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

let url = "";

/** Where the service listens. */
export function serverUrl(): string {
  return url;
}

/** Starts it. @returns stops it */
export async function startServer(): Promise<() => void> {
  const server = http.createServer((request, response) => {
    if (request.url === "/hang") return;
    response.end(request.url === "/large" ? Buffer.alloc(4_000_000) : "small");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
